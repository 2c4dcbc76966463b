import { STEPS } from '../run/process-file.ts'
import { BROKEN_KINDS } from '../synth/broken.ts'

export const HELP = `neuro-preprocess: prepares MRI scans of the head, and tells OpenTelemetry what it does

USAGE
  neuro-preprocess process FILE... -o DIR    bias correction, skull stripping, smoothing, normalisation
  neuro-preprocess synth -o DIR              make phantom scans, healthy or broken
  neuro-preprocess COMMAND --help            the options of a command
  neuro-preprocess --version

EXAMPLES
  neuro-preprocess synth -o data/input --subjects 3
  neuro-preprocess process data/input/*.nii.gz -o data/output
`

export const PROCESS_HELP = `Prepares scans: reads NIfTI-1 and NIfTI-2 (.nii, .nii.gz, .hdr with its .img), works on them, writes .nii.gz of
float32 with the same geometry

USAGE
  neuro-preprocess process FILE... -o DIR [options]

OPTIONS
  -o, --output DIR         where results go, as sub-001_desc-preproc_T1w.nii.gz; made if it is not there
      --fwhm MM            full width at half maximum of the smoothing kernel in millimetres (default 4)
      --volume N           which volume of a scan with several, counted from 0 (default 0)
      --slow STEP=SECONDS  make a step take longer, to have something to find: ${STEPS.slice(0, 3).join(', ')},
                           ${STEPS.slice(3).join(', ')}; may be given several times
      --warn-size MB       warn of files larger than this (default 100)
      --json               a summary as JSON on stdout
      --log-format FORMAT  json, text or auto: JSON lines on stderr, unless it is a terminal (default auto)
  -h, --help

EXAMPLES
  neuro-preprocess process data/input/sub-001_T1w.nii.gz -o data/output
  neuro-preprocess process data/input/*.nii.gz -o data/output --slow skull_strip=4
  neuro-preprocess process scan.nii -o out --json | jq '.files[].trace_id'
  OTEL_TRACES_EXPORTER=console neuro-preprocess process scan.nii.gz -o out
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\
    neuro-preprocess process scan.nii.gz -o out

TELEMETRY
  Traces, metrics and logs go by OTLP/gRPC to http://127.0.0.1:4317, unless the standard OTEL_* variables say
  otherwise; OTEL_SDK_DISABLED=true turns them off. TRACEPARENT makes the spans part of a trace that is there.

EXIT CODES
  0 every file processed, 1 some failed, 2 wrong usage, 130 interrupted (143 by SIGTERM)
`

export const SYNTH_HELP = `Makes phantom T1-weighted scans of a head: scalp, skull, brain, bias field, noise; the same for the same seed

USAGE
  neuro-preprocess synth -o DIR [options]

OPTIONS
  -o, --output DIR         where the scans go; made if it is not there
      --subjects N         how many heads, as sub-001_T1w.nii.gz and so on (default 1)
      --size N             voxels along each axis, 16 to 320 (default 64)
      --seed N             which heads (default 1)
      --broken KIND        broken as scans break: ${BROKEN_KINDS.slice(0, 3).join(', ')},
                           ${BROKEN_KINDS.slice(3).join(', ')}
      --name FILE          another file name, for one subject
      --force              write over scans that are there
      --json               the paths as JSON on stdout
  -h, --help

EXAMPLES
  neuro-preprocess synth -o data/input --subjects 3 --size 96
  neuro-preprocess synth -o data/input --broken truncated --name sub-009_T1w.nii.gz

EXIT CODES
  0 made, 1 not made, 2 wrong usage, 130 interrupted
`
