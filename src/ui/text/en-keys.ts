// English: the keys of the page, place by place. What is between the keys of one entry are alternatives.

export const keys = {
  title: 'Keys',
  places: [
    {
      place: 'Everywhere',
      keys: [
        { keys: ['?'], does: 'opens this help' },
        { keys: ['Space'], does: 'pauses and resumes the run, if nothing else has the focus' },
        { keys: ['Tab', 'Shift + Tab'], does: 'moves to the next or previous control' },
        { keys: ['Esc'], does: 'closes a dialog, or leaves full screen' },
      ],
    },
    {
      place: 'In a chart',
      keys: [
        { keys: ['←', '→'], does: 'moves the crosshair' },
        { keys: ['Enter'], does: 'pins the crosshair, or lets it go' },
        { keys: ['+', '-'], does: 'zooms in or out' },
        { keys: ['0'], does: 'shows the whole range again' },
        { keys: ['Esc'], does: 'lets the crosshair go' },
      ],
    },
    {
      place: 'In a map of rows',
      keys: [
        { keys: ['←', '→', '↑', '↓'], does: 'moves the frame; with Shift, makes it larger or smaller' },
        { keys: ['Enter'], does: 'chooses the rows in the frame' },
        { keys: ['Esc'], does: 'takes the frame away' },
      ],
    },
    {
      place: 'In an answer',
      keys: [{ keys: ['←', '→'], does: 'moves from token to token, and tells how likely each was' }],
    },
    {
      place: 'While labelling',
      keys: [
        { keys: ['Enter'], does: 'accepts the words and goes to the next row' },
        { keys: ['Shift + Enter'], does: 'begins a new line' },
        { keys: ['Alt + S'], does: 'skips the row' },
        { keys: ['Alt + D'], does: 'throws the row away' },
        { keys: ['Alt + R'], does: 'asks the model again' },
        { keys: ['Alt + Z'], does: 'undoes the last decision' },
      ],
    },
    {
      place: 'In a number field',
      keys: [{ keys: ['↑', '↓'], does: 'makes the number larger or smaller by a step' }],
    },
  ],
}
