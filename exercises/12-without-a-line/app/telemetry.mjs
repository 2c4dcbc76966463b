// Loaded before the program: node --import ./app/telemetry.mjs app/portal.mjs
