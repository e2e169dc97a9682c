// Reads folders that were saved after bitsandbytes quantised them to NF4 (its functional.py, QuantState.as_dict). Each matrix is
// `X.weight` (packed), `X.weight.absmax`, `X.weight.quant_map`, `X.weight.quant_state.bitsandbytes__nf4` and, if it is
// double-quantised, `X.weight.nested_absmax` and `X.weight.nested_quant_map`.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { TensorEntry } from './model-file'
import { packNf4, packNf4Dq } from './quant/bitsandbytes'
import { nf4Values } from './quant/nf4-code'
import type { StoredTensor } from './safetensors'

type Json = Readonly<Record<string, unknown>>

const stateEnding = '.quant_state.bitsandbytes__nf4'
const partEndings = ['', '.absmax', '.quant_map', '.nested_absmax', '.nested_quant_map', stateEnding]

const read = ({ source, offset, sizeBytes }: StoredTensor) => source.read(offset, sizeBytes)
const floats = async (tensor: StoredTensor) => new Float32Array(new Uint8Array(await read(tensor)).buffer)

interface State {
  rows: number
  cols: number
  /** Mean of absmax, if it is double-quantised. */
  offset?: number
}

async function stateOf(name: string, tensor: StoredTensor): Promise<State> {
  let state: Json = {}
  try {
    if (tensor.sizeBytes < 1 << 16) state = JSON.parse(new TextDecoder().decode(await read(tensor))) as Json
  } catch (error) {
    if (error instanceof FormatError) throw error
  }
  const { shape, blocksize, nested_blocksize: nestedBlock, nested_offset: offset } = state
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isCount) || (offset !== undefined && !Number.isFinite(offset))) {
    throw new FormatError(
      say`${name}: expected bitsandbytes' quantisation state with a shape of two numbers, got something else. Download the file again.`,
    )
  }
  if (blocksize !== 64 || (nestedBlock ?? 256) !== 256) {
    throw new UnsupportedError(
      say`${name}: expected NF4 blocks of 64 and nested blocks of 256, got ${String(blocksize)} and ${String(nestedBlock)}. Use the model without quantisation; TabTune makes NF4 itself.`,
    )
  }
  return { rows: shape[0] as number, cols: shape[1] as number, offset: offset as number | undefined }
}

function checkBytes(name: string, tensor: StoredTensor | undefined, sizeBytes: number): StoredTensor {
  if (tensor?.sizeBytes === sizeBytes) return tensor
  throw new FormatError(
    say`${name}: expected ${sizeBytes} bytes, got ${tensor ? tensor.sizeBytes : say`no such tensor`}. Download the file again.`,
  )
}

async function entryOf(name: string, stored: ReadonlyMap<string, StoredTensor>): Promise<TensorEntry> {
  const { rows, cols, offset } = await stateOf(name, stored.get(name + stateEnding)!)
  const count = rows * cols
  const blocks = Math.ceil(count / 64)
  const double = offset !== undefined
  const part = (ending: string, sizeBytes: number) => checkBytes(name + ending, stored.get(name + ending), sizeBytes)
  const packed = part('', Math.ceil(count / 2))
  const absmax = part('.absmax', double ? blocks : blocks * 4)
  const values = await floats(part('.quant_map', 64))
  if (values.some((value, i) => value !== nf4Values[i])) {
    throw new UnsupportedError(
      say`${name}.quant_map: expected the sixteen values of NF4, got others. Use the model without quantisation; TabTune makes NF4 itself.`,
    )
  }
  const nested = double ? part('.nested_absmax', Math.ceil(blocks / 256) * 4) : undefined
  const map = double ? part('.nested_quant_map', 1024) : undefined
  return {
    name,
    shape: [rows, cols],
    format: double ? 'nf4-dq' : 'nf4',
    sizeBytes: [packed, absmax, nested, map].reduce((sum, tensor) => sum + (tensor?.sizeBytes ?? 0), 0),
    async readRows(rowStart, rowCount) {
      if (rowStart !== 0 || rowCount !== rows)
        throw new FormatError(
          say`${name}: expected all ${rows} rows at once, got ${rowCount} from row ${rowStart}. This is a mistake in TabTune.`,
        )
      if (!double) return packNf4(count, await read(packed), await floats(absmax))
      return packNf4Dq(count, {
        packed: await read(packed),
        absmax: await read(absmax),
        nested: await floats(nested!),
        map: await floats(map!),
        offset,
      })
    },
  }
}

/** Entries for the matrices that bitsandbytes quantised to NF4. Removes their tensors from `stored`. @throws FormatError, UnsupportedError */
export async function bitsAndBytesTensors(stored: Map<string, StoredTensor>): Promise<TensorEntry[]> {
  const names = [...stored.keys()].filter((name) => name.endsWith(stateEnding)).map((name) => name.slice(0, -stateEnding.length))
  const entries: TensorEntry[] = []
  for (const name of names) {
    entries.push(await entryOf(name, stored))
    for (const ending of partEndings) stored.delete(name + ending)
  }
  return entries
}
