export { endIncident, type Incident, openIncident } from './incidents/incident.ts'
export type { IncidentLab } from './incidents/lab.ts'
export { answerIncident, checkMend, giveUp, HOLD_MS, queries, startIncident } from './incidents/play.ts'
export type { Score } from './incidents/score.ts'
