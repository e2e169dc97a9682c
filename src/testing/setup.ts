// Vitest runs this before each test file. What it imports is loaded once in a process.
import './quick-equality'
