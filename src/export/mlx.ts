// A low-rank adapter for mlx-lm (mlx_lm/tuner/utils.py, load_adapters; lora.py, dora.py): y += scale · (x A) B with A [in, r] and
// B [r, out], one rank and one scale for all layers. Lower ranks are filled up with zeros, and other scales become part of B.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { floatBytes } from '../formats/load-weights'
import { safetensorsTypes, writeSafetensors } from '../formats/safetensors'
import { jsonFile, transposed } from '../peft/adapter-folder'
import { type LoraSite, type RankSettings, embeddingSite, loraParts, loraSites, magnitude, targetNames } from '../peft/lora-sites'
import type { Adapter, Base } from '../peft/method'
import type { FloatType, FolderFile } from '../peft/model-folder'
import { tensorKey } from '../peft/tensor-keys'

/** @throws UnsupportedError naming what mlx-lm cannot compute */
function checkAdapter({ method, settings, tensors }: Adapter, base: Base): RankSettings {
  if (!method.merge)
    throw new UnsupportedError(
      say`MLX adapter: expected LoRA, QLoRA or DoRA, got ${method.label}, which adds other computations and cannot be merged. Use it in TabTune or in PEFT.`,
    )
  const refused = (what: ReturnType<typeof say>) =>
    new UnsupportedError(say`MLX adapter: ${what}. Merge the adapter into a Hugging Face folder, which mlx_lm.convert reads.`)
  if (method.peftType !== 'LORA') throw refused(say`expected LoRA, QLoRA or DoRA, got ${method.label}`)
  const { noMlx, task, label } = base.family.files
  if (task !== undefined) throw refused(say`expected a model that writes text, got ${label}`)
  if (noMlx) throw refused(noMlx)
  const other = [...tensors.keys()].find((key) => !loraParts.some((part) => key.endsWith(`.${part}`)))
  if (other !== undefined) throw refused(say`expected low-rank updates only, got the trained tensor ${other}`)
  const ranked = settings as RankSettings
  const { embedding, head } = targetNames(base, ranked)
  if (base.config.tied && (embedding || head))
    throw refused(
      say`expected no update of the embedding or the head, because the two are one table here and mlx-lm would apply it to both, got ${embedding ? say`the embedding` : say`the head`}`,
    )
  return ranked
}

/** A [in, r] or B [r, out] with `rank` in place of r, times `factor`. */
function filled(
  { shape: [out, inner], values }: { shape: readonly number[]; values: Float32Array<ArrayBuffer> },
  rows: number,
  cols: number,
  factor: number,
) {
  const whole = new Float32Array(rows * cols)
  for (let i = 0; i < out!; i++) for (let j = 0; j < inner!; j++) whole[i * cols + j] = values[i * inner! + j]! * factor
  return whole
}

/** adapters.safetensors and adapter_config.json. @throws UnsupportedError for adapters and families that mlx-lm cannot compute */
export function mlxAdapter(adapter: Adapter, base: Base, dtype: FloatType = 'f32'): FolderFile[] {
  const settings = checkAdapter(adapter, base)
  const { tensors } = adapter
  const table = embeddingSite(base, settings)
  const sites: LoraSite[] = [...loraSites(base, settings), ...(table ? [table] : [])]
  const rank = Math.max(...sites.map((s) => s.rank))
  const scale = sites[0]!.scale
  const data = sites.flatMap((s) => {
    const [a, b] = [transposed(tensors.get(s.a)!), transposed(tensors.get(s.b)!)]
    const [inputs, outputs] = [a.shape[0]!, b.shape[1]!]
    const length = tensors.get(tensorKey(s.site, magnitude))
    const parts = [
      { name: `${s.site}.lora_a`, shape: [inputs, rank], values: filled(a, inputs, rank, 1) },
      { name: `${s.site}.lora_b`, shape: [rank, outputs], values: filled(b, rank, outputs, s.scale / scale) },
      ...(length ? [{ name: `${s.site}.m`, shape: [outputs], values: length.values }] : []),
    ]
    return parts.map(({ name, shape, values }) => ({
      name,
      shape,
      data: floatBytes(name, values, dtype),
      dtype: safetensorsTypes[dtype],
    }))
  })
  const dora = sites.some((s) => tensors.has(tensorKey(s.site, magnitude)))
  const config = {
    fine_tune_type: dora ? 'dora' : 'lora',
    model: base.name,
    num_layers: base.config.layers,
    // Whole names, so that exactly these layers are adapted.
    lora_parameters: { rank, scale, dropout: 0, keys: sites.map((s) => s.site) },
  }
  return [{ path: 'adapters.safetensors', bytes: writeSafetensors(data) }, jsonFile('adapter_config.json', config)]
}
