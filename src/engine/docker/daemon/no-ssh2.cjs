// Stands in the bundle where docker-modem asks for ssh2: ssh.ts beside this file goes by the user's own ssh instead.
module.exports = {}
