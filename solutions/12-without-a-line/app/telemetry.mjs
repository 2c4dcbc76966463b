// Loaded before the program: node --import ./app/telemetry.mjs app/portal.mjs
import '@opentelemetry/auto-instrumentations-node/register'
