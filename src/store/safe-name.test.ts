import { describe, expect, it } from 'vitest'
import { safeName } from './safe-name'

describe('safeName', () => {
  it('leaves nothing that a file system could refuse', () => {
    expect(safeName('LoRA 1')).toBe('LoRA-1')
    expect(safeName('../../etc/passwd')).toBe('etc-passwd')
    expect(safeName('模型')).toBe('adapter')
    expect(safeName('a'.repeat(300))).toHaveLength(64)
    expect(safeName('x\u202Egpj.exe')).toBe('x-gpj.exe')
  })
})
