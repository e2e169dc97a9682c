// English: earlier conversations of the chat.

export const chats = {
  title: 'Earlier conversations',
  lead: (most: string) =>
    `Kept in this browser, up to ${most} conversations and 16 MiB. Beyond 16 MiB, the token probabilities of the oldest conversations are deleted first. If that is not enough, and beyond ${most}, the oldest conversations are deleted.`,
  turns: (count: number) => `${count} ${count === 1 ? 'turn' : 'turns'}`,
  current: 'in the chat now',
  open: 'Open',
  openOf: (prompt: string) => `Open the conversation “${prompt}”`,
  remove: 'Delete',
  removeOf: (prompt: string) => `Delete the conversation “${prompt}”`,
  removeTitle: 'Delete this conversation?',
  removeBody: (prompt: string) => `The conversation that begins with “${prompt}” is deleted from this browser.`,
  removeAll: 'Delete all',
  removeAllTitle: 'Delete all conversations?',
  removeAllBody: (count: string, withCurrent: boolean) =>
    `Number of conversations that are deleted from this browser: ${count}.${withCurrent ? ' One of them is in the chat now.' : ''}`,
  all: (count: string) => `Show all ${count}`,
  unreadable: (count: string) =>
    `Some conversations cannot be read: ${count}. They are damaged, or another version of TabTune has written them. “Delete all” deletes them too.`,
  readingTitle: 'An earlier conversation',
  with: (name: string) => `With ${name}`,
  otherModel: (name: string) => `This conversation was with ${name}. It can be read here, and continued when that model is open.`,
  openModel: (name: string) => `Open ${name}`,
  goOn: 'Continue this conversation',
  close: 'Close',
}
