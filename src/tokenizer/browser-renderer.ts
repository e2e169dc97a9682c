// The browser's TemplateRenderer. A file of its own, since only a bundler understands how the worker is named.
import { type TemplateRenderer, type TemplateTokens, workerRenderer } from './template-renderer'

/** Renders `template` in a throw-away module worker; usable on the page and in workers. */
export function browserRenderer(template: string, tokens: TemplateTokens = {}): TemplateRenderer {
  return workerRenderer(() => new Worker(new URL('./template.worker.ts', import.meta.url), { type: 'module' }), template, tokens)
}
