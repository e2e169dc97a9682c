// The files that the rules of the house check: every file of src, shaders and e2e, with its text and, if it is code, its syntax tree.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { Visitor, parseSync } from 'vite'
import { root } from '../../src/cli/node/cache.mjs'

/** @typedef {import('vite').ESTree.Program} Program */
/** @typedef {import('vite').VisitorObject} VisitorObject */
/** The result of a rule: a line for a person that says what it counted, and a sentence for each place that breaks it. @typedef {{ count: string, problems: string[] }} Found */
/** One check of the whole project. @typedef {(files: readonly SourceFile[]) => Found} Rule */

export class SourceFile {
  /** @type {Program | undefined} */
  parsed

  /** @param {string} path from the project's root, with slashes @param {string} text */
  constructor(path, text) {
    this.path = path
    this.text = text
    this.isCode = /\.(ts|tsx|mjs)$/.test(path)
    this.isTest = /\.(test|spec)\.(tsx?|mjs)$/.test(path) || /\/testing(\/|\.ts$)/.test(path)
    /** Code that ships: the page, the worker and the command line. */
    this.isProduct = this.isCode && path.startsWith('src/') && !this.isTest
    this.room = path.startsWith('src/') ? path.split('/')[1] : undefined
  }

  /** The syntax tree (ESTree with TypeScript's nodes). */
  get program() {
    if (!this.parsed) {
      const { program, errors } = parseSync(this.path, this.text)
      if (errors.length > 0) throw new Error(`${this.path}: expected code that parses. ${errors[0].message}`)
      this.parsed = program
    }
    return this.parsed
  }

  /** Calls the visitor's functions (`CallExpression(node)`, …) for the nodes of this file. @param {VisitorObject} visitor */
  visit(visitor) {
    new Visitor(visitor).visit(this.program)
  }

  /** The line at which a node begins, counted from 1. @param {{ start: number }} node */
  lineOf(node) {
    return this.text.slice(0, node.start).split('\n').length
  }

  /** `path:line` of a node, to put before a problem. @param {{ start: number }} node */
  at(node) {
    return `${this.path}:${this.lineOf(node)}`
  }
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => /\.(ts|tsx|wgsl|mjs|css|html|py)$/.test(path) && !path.includes('/node_modules/'))
}

/** Every file that the rules check. */
export function readProject() {
  return ['src', 'shaders', 'e2e'].flatMap(filesUnder).map((path) => new SourceFile(path, readFileSync(join(root, path), 'utf8')))
}
