// English: settings in the address.

export const link = {
  copy: 'Copy a link to these settings',
  help: 'The link holds method and settings, nothing of the model or the data.',
  copied: 'Link copied.',
  notCopied: 'The browser did not allow copying. Copy the address of this page instead.',
  waiting: 'This link brings settings. They are filled in when a model is loaded.',
  refused: (names: string) => `Settings of this link that cannot be used here: ${names}.`,
}
