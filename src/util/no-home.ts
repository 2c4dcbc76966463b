// A user whom the machine has no entry for, as containers have, may have no HOME either; Node then throws where a
// package only wants to shorten paths. Imported before all others.
process.env.HOME ??= '/'
