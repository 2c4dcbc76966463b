export const ERROR_LABEL = '__error__'
export const ERROR_DETAILS_LABEL = '__error_details__'
/** Marks a sample whose error the query asked about, so that it does not fail the query. */
export const PRESERVE_ERROR_LABEL = '__preserve_error__'
/** Of a name that the stream, or the structured metadata, has already. */
export const DUPLICATE_SUFFIX = '_extracted'
