// English: the choice of the language.

export const language = {
  failed: 'The language could not be loaded. Check the connection, reload the page and choose it again.',
}
