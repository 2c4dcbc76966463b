import { LabCommand } from './base.ts'

export default class Status extends LabCommand {
  static override description = 'Say what runs where'
  static override enableJsonFlag = true
  async run() {
    await this.parse(Status)
    this.log('x')
  }
}
