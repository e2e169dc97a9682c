// English: settings in the address.

export const link = {
  copy: 'Copy a link to these settings',
  help: 'The link contains the method and its settings, but nothing from the model or the data.',
  copied: 'Link copied.',
  notCopied: 'The browser did not allow copying. Copy the address of this page instead.',
  waiting: 'This link contains settings. They are filled in when you load a model.',
  refused: (names: string) => `These settings from the link cannot be used here: ${names}.`,
}
