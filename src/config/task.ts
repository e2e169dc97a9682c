// What models do.

/** What models do that see pictures: they sort one into classes by a head, or compare it with texts. */
export type PictureTask = 'image-classification' | 'image-text'

/** What models do: they write text, or they see pictures. */
export type Task = 'text' | PictureTask

/** What the rows of a model are. */
export type Kind = 'text' | 'pictures'
