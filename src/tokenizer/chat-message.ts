// A turn of a conversation as chat templates read it.

export interface ChatMessage {
  role: string
  content: string
  /** Other keys that templates may read: name, tool_calls, tool_call_id, reasoning_content, … */
  [key: string]: unknown
}
