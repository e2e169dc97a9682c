// Settings of image processors: what may be left out, and what is refused by name.
import { describe, expect, it } from 'vitest'
import { parseProcessor, standardProcessor } from './processor'

const vit = { image_processor_type: 'ViTImageProcessor' }
const read = (json: unknown, fallback?: string) => parseProcessor('preprocessor_config.json', json, fallback)

describe('preprocessor_config.json', () => {
  it('may leave out what its class has', () => {
    expect(read({ image_processor_type: 'CLIPImageProcessorFast' })).toEqual(standardProcessor('CLIP'))
    expect(read({ feature_extractor_type: 'ViTFeatureExtractor' })).toEqual(standardProcessor('ViT'))
    expect(read({ image_processor_type: 'DeiTImageProcessor' }).output).toEqual({ width: 224, height: 224 })
    expect(read({}, 'DeiT')).toEqual(standardProcessor('DeiT'))
    const inside = { processor_class: 'CLIPProcessor', image_processor: { image_processor_type: 'CLIPImageProcessor' } }
    expect(read(inside)).toEqual(standardProcessor('CLIP'))
  })
  it('has sizes in several forms', () => {
    expect(read({ ...vit, size: 32 }).output).toEqual({ width: 32, height: 32 })
    expect(read({ ...vit, size: [20, 30] }).output).toEqual({ width: 30, height: 20 })
    const clip = read({ image_processor_type: 'CLIPImageProcessor', size: 40, crop_size: 32 })
    expect(clip).toMatchObject({ resize: { target: { shortest: 40 } }, output: { width: 32, height: 32 } })
  })
  it.each([
    [{}, 'expected image_processor_type to be ViTImageProcessor, DeiTImageProcessor, CLIPImageProcessor, got none'],
    [{ image_processor_type: 'BitImageProcessor' }, 'got BitImageProcessor'],
    [{ ...vit, do_pad: true }, 'got do_pad, which TabTune does not compute'],
    [{ ...vit, do_sharpen: 1 }, 'got do_sharpen, which TabTune does not compute'],
    [{ ...vit, size: { longest_edge: 5 } }, 'expected size to be whole numbers from 1 to 4096'],
    [{ ...vit, size: { shortest_edge: 5 } }, 'expected one size for all pictures'],
    [{ ...vit, size: 0 }, 'expected size to be'],
    [{ ...vit, resample: 9 }, 'expected resample to be a number from 0 to 5, got 9'],
    [{ ...vit, do_resize: 'yes' }, 'expected do_resize to be true or false, got "yes"'],
    [{ ...vit, image_std: [1, 1, 0] }, 'expected image_std to be three numbers above 0'],
    [{ ...vit, image_mean: [1] }, 'expected image_mean to be three numbers'],
    [{ ...vit, do_center_crop: true }, 'expected crop_size to be whole numbers'],
    [[], 'expected settings of an image processor'],
  ])('refuses %j', (json, words) => {
    expect(() => read(json)).toThrow(words)
  })
  it('takes settings that are off', () => {
    expect(read({ ...vit, do_pad: false, pad_size: null, do_convert_rgb: true })).toEqual(standardProcessor('ViT'))
  })
})
