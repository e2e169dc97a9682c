import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { safeName, zipBlob } from './download'

describe('zipBlob', () => {
  it('gives back the same files when another reader opens it', async () => {
    const weights = new Uint8Array(100_000).map((_, i) => (i * 31) % 256)
    const config = new TextEncoder().encode('{"peft_type":"LORA"}')
    const blob = zipBlob('LoRA-1', [
      { path: 'adapter_config.json', bytes: config },
      { path: 'adapter_model.safetensors', bytes: weights },
    ])
    const files = unzipSync(new Uint8Array(await blob.arrayBuffer()))
    expect(Object.keys(files)).toEqual(['LoRA-1/adapter_config.json', 'LoRA-1/adapter_model.safetensors'])
    expect(files['LoRA-1/adapter_model.safetensors']).toEqual(weights)
    expect(files['LoRA-1/adapter_config.json']).toEqual(config)
  })
})

describe('safeName', () => {
  it('leaves nothing that a file system could take amiss', () => {
    expect(safeName('LoRA 1')).toBe('LoRA-1')
    expect(safeName('../../etc/passwd')).toBe('etc-passwd')
    expect(safeName('模型')).toBe('adapter')
    expect(safeName('a'.repeat(300))).toHaveLength(64)
    expect(safeName('x\u202Egpj.exe')).toBe('x-gpj.exe')
  })
})
