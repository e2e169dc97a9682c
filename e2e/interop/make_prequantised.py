"""A tiny Llama in each layout of weights that were quantised before they were published, and what its dequantised twin computes.

Each folder goldens/formats/NAME has config.json, model.safetensors and expected.json: ids, the twin's last logits (transformers, float64),
and for each matrix the SHA-256 of its values in float32 (0 for -0). The publishers' own packages write the weights; where one does not run
on a CPU, the writer follows its code and says so. Every layout is read a second time here, in float64 and from its definition.

Run: python e2e/interop/make_prequantised.py [NAME…]
Needs torch, transformers, safetensors, gptqmodel, autoawq (pip install --no-deps), compressed-tensors, bitsandbytes, mlx[cpu], mlx-lm.
"""
import hashlib
import json
import shutil
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

OUT = Path(__file__).parent / "goldens" / "formats"
CONFIG = LlamaConfig(
    vocab_size=32, hidden_size=64, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1, head_dim=32,
    max_position_embeddings=64, tie_word_embeddings=False, bos_token_id=1, eos_token_id=2, pad_token_id=0,
)
IDS = [1, 5, 9, 30, 2, 17, 17, 8]


def base_weights():
    torch.manual_seed(11)
    model = LlamaForCausalLM(CONFIG)
    for name, p in model.named_parameters():
        if p.dim() == 2:
            torch.nn.init.normal_(p, std=0.12)
        elif p.dim() == 1:
            torch.nn.init.uniform_(p, 0.5, 1.5)
    return {k: v.detach().to(torch.float16) for k, v in model.state_dict().items()}


def is_linear(name):
    return "proj" in name


def grid(weight, bits, group, sym):
    """Scales (float16) and whole zeros of each group of a row, [out, groups], as round-to-nearest quantisers choose them."""
    w = weight.float().reshape(weight.shape[0], -1, group)
    if sym:
        scale, zero = w.abs().amax(-1) / (2 ** (bits - 1) - 1), torch.full(w.shape[:2], 2.0 ** (bits - 1))
    else:
        low, high = w.amin(-1).clamp(max=0), w.amax(-1).clamp(min=0)
        scale = (high - low) / (2**bits - 1)
        zero = torch.round(-low / scale)
    return scale.half().float(), zero


def gptq(bits, group, sym, desc_act, version):
    def make(weights):
        from gptqmodel.nn_modules.qlinear.torch import TorchLinear
        from gptqmodel.utils.model import convert_gptq_v2_to_v1_format_module

        out, dense = {}, {}
        for name, w in weights.items():
            if not is_linear(name):
                out[name] = w
                continue
            rows, cols = w.shape
            index = torch.arange(cols) // group
            if desc_act:
                index = index[torch.randperm(cols, generator=torch.Generator().manual_seed(3))]
            order = torch.argsort(index, stable=True)
            scale, zero = grid(w[:, order], bits, group, sym)
            linear = torch.nn.Linear(cols, rows, bias=False)
            linear.weight.data = w.float()
            layer = TorchLinear(bits=bits, group_size=group, sym=sym, desc_act=desc_act, in_features=cols, out_features=rows)
            layer.pack(linear, scale, zero, index.to(torch.int32))
            v2 = layer.qzeros.clone()
            if version == 1:
                convert_gptq_v2_to_v1_format_module(layer, types.SimpleNamespace(bits=bits, pack_dtype=torch.int32))
            stem = name[: -len(".weight")]
            for part in ("qweight", "qzeros", "scales", "g_idx"):
                out[f"{stem}.{part}"] = getattr(layer, part).contiguous()
            per = 32 // bits
            shift = (np.arange(per) * bits).astype(np.uint32)
            codes = (layer.qweight.numpy().view(np.uint32)[:, None, :] >> shift[None, :, None]) & (2**bits - 1)
            zeros = (v2.numpy().view(np.uint32)[:, :, None] >> shift) & (2**bits - 1)
            codes, zeros = codes.reshape(cols, rows).astype(np.float64), zeros.reshape(-1, rows).astype(np.float64)
            s, g = layer.scales.double().numpy(), index.numpy()
            dense[name] = ((codes - zeros[g]) * s[g]).T
        config = dict(quant_method="gptq", bits=bits, group_size=group, sym=sym, desc_act=desc_act)
        return out, {"quantization_config": {**config, "checkpoint_format": "gptq" if version == 1 else "gptq_v2"}}, dense

    return make


def awq(group):
    def make(weights):
        import importlib.util

        # autoawq's __init__ needs an older transformers; its packing does not.
        root = Path(importlib.util.find_spec("awq").submodule_search_locations[0])
        for module, path in (("awq", root), ("awq.modules", root / "modules"), ("awq.modules.linear", root / "modules/linear")):
            sys.modules[module] = types.ModuleType(module)
            sys.modules[module].__path__ = [str(path)]
        from awq.modules.linear.gemm import WQLinear_GEMM
        from awq.utils.packing_utils import dequantize_gemm

        out, dense = {}, {}
        for name, w in weights.items():
            if not is_linear(name):
                out[name] = w
                continue
            rows, cols = w.shape
            scale, zero = grid(w, 4, group, False)
            linear = torch.nn.Linear(cols, rows, bias=False)
            linear.weight.data = w.float()
            layer = WQLinear_GEMM.from_linear(linear, 4, group, scales=scale.T.contiguous(), zeros=zero.T.contiguous())
            stem = name[: -len(".weight")]
            for part in ("qweight", "qzeros", "scales"):
                out[f"{stem}.{part}"] = getattr(layer, part).contiguous()
            place = np.array([0, 4, 1, 5, 2, 6, 3, 7], dtype=np.uint32) * 4
            unpack = lambda t: ((t.numpy().view(np.uint32)[:, :, None] >> place) & 15).reshape(t.shape[0], -1).astype(np.float64)
            g = np.arange(cols) // group
            dense[name] = ((unpack(layer.qweight) - unpack(layer.qzeros)[g]) * layer.scales.double().numpy()[g]).T
            own = dequantize_gemm(layer.qweight, layer.qzeros, layer.scales.float(), 4, group).T.numpy()
            assert np.array_equal(own, dense[name].astype(np.float32)), name
        config = dict(quant_method="awq", bits=4, group_size=group, zero_point=True, version="gemm", modules_to_not_convert=None)
        return out, {"quantization_config": config}, dense

    return make


def mlx(bits, group, mode="affine"):
    def make(weights):
        import mlx.core as mx
        from mlx_lm.utils import load_model, quantize_model, save_model

        with tempfile.TemporaryDirectory() as folder:
            source, made = Path(folder) / "hf", Path(folder) / "mlx"
            source.mkdir()
            made.mkdir()
            save_file(weights, source / "model.safetensors", metadata={"format": "pt"})
            (source / "config.json").write_text(json.dumps(CONFIG.to_dict()))
            model, config = load_model(source)
            model, config = quantize_model(model, config, group, bits, mode=mode)
            save_model(made, model)
            out = load_file(made / "model.safetensors")
        dense = {}
        for name in [n[: -len(".scales")] for n in out if n.endswith(".scales")]:
            words, scales = out[f"{name}.weight"], out[f"{name}.scales"]
            stream = np.unpackbits(words.contiguous().numpy().view(np.uint8), axis=1, bitorder="little").reshape(words.shape[0], -1, bits)
            codes = (stream * (1 << np.arange(bits))).sum(-1)
            if mode == "mxfp4":
                table = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])
                values = np.where(codes & 8, -1, 1) * table[codes & 7]
                factor = 2.0 ** (scales.numpy().astype(np.float64) - 127)
                w = values.reshape(words.shape[0], -1, 32) * factor[..., None]
            else:
                w = codes.reshape(words.shape[0], -1, group) * scales.double().numpy()[..., None] + out[f"{name}.biases"].double().numpy()[..., None]
            dense[f"{name}.weight"] = w.reshape(words.shape[0], -1)
            as_mx = lambda t: mx.array(t.float().numpy() if t.is_floating_point() else t.numpy())
            biases = () if mode == "mxfp4" else (as_mx(out[f"{name}.biases"]),)
            own = mx.dequantize(as_mx(words), as_mx(scales), *biases, group_size=group, bits=bits, mode=mode)
            assert np.allclose(np.array(own.astype(mx.float32)), dense[f"{name}.weight"], rtol=1e-6, atol=1e-7), name
        about = config["quantization"]
        return out, {"quantization": about, "quantization_config": about}, dense

    return make


def compressed(name, fields):
    def make(weights):
        from compressed_tensors.compressors.base import BaseCompressor
        from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme

        args = QuantizationArgs(**fields)
        scheme = QuantizationScheme(targets=["Linear"], weights=args)
        writer = BaseCompressor.get_value_from_registry(name)
        out, dense = {}, {}
        for key, w in weights.items():
            if not is_linear(key):
                out[key] = w
                continue
            group = args.group_size or w.shape[1]
            if args.type == "float":
                scale, zero = (w.float().abs().amax(1, keepdim=True) / 448).half().float(), None
            else:
                scale, zero = grid(w, args.num_bits, group, args.symmetric)
                zero = None if args.symmetric else (zero - 2 ** (args.num_bits - 1)).to(torch.int8)
            state = {"weight": w.float(), "weight_scale": scale}
            if zero is not None:
                state["weight_zero_point"] = zero
            packed = writer.compress(state, scheme)
            own = writer.decompress(dict(packed), scheme)["weight"]
            stem = key[: -len(".weight")]
            for part, t in packed.items():
                out[f"{stem}.{part}"] = (t.half() if part == "weight_scale" else t).contiguous()
            s = np.repeat(scale.double().numpy(), group, 1)
            if args.type == "float":
                q = packed["weight"].double().numpy()
            elif "weight_packed" in packed:
                words = packed["weight_packed"].contiguous().numpy().view(np.uint8)
                stream = np.unpackbits(words, axis=1, bitorder="little").reshape(w.shape[0], -1, args.num_bits)
                q = (stream * (1 << np.arange(args.num_bits))).sum(-1) - 2.0 ** (args.num_bits - 1)
            else:
                q = packed["weight"].double().numpy()
            z = 0 if zero is None else np.repeat(zero.double().numpy(), group, 1)
            dense[key] = (q - z) * s
            assert np.allclose(own.double().numpy(), dense[key], rtol=1e-6, atol=1e-8), key
        about = dict(quant_method="compressed-tensors", format=name, quantization_status="compressed", ignore=["lm_head"])
        group_0 = dict(targets=["Linear"], weights=json.loads(args.model_dump_json()), input_activations=None, output_activations=None)
        return out, {"quantization_config": {**about, "config_groups": {"group_0": group_0}}}, dense

    return make


def fp8_blocks(weights):
    """As DeepSeek and Qwen publish them. The writer follows transformers' integrations/finegrained_fp8.py: largest size of a block / 448."""
    out, dense = {}, {}
    for name, w in weights.items():
        if not is_linear(name):
            out[name] = w
            continue
        blocks = w.float().reshape(w.shape[0] // 32, 32, w.shape[1] // 32, 32)
        scale = blocks.abs().amax((1, 3)) / 448
        q = (blocks / scale[:, None, :, None]).reshape(w.shape).to(torch.float8_e4m3fn)
        out[name], out[name[: -len(".weight")] + ".weight_scale_inv"] = q, scale
        dense[name] = (q.double().reshape(blocks.shape) * scale.double()[:, None, :, None]).reshape(w.shape).numpy()
    config = dict(quant_method="fp8", fmt="e4m3", activation_scheme="dynamic", weight_block_size=[32, 32])
    return out, {"quantization_config": config}, dense


def bnb_fp4(weights):
    import bitsandbytes.functional as bnb

    out, dense = {}, {}
    for name, w in weights.items():
        if not is_linear(name):
            out[name] = w
            continue
        packed, state = bnb.quantize_4bit(w, quant_type="fp4", compress_statistics=True)
        out[name] = packed
        for key, t in state.as_dict(packed=True).items():
            out[f"{name}.{key}"] = t
        absmax = bnb.dequantize_blockwise(state.absmax, state.state2) + state.offset
        codes = np.stack([packed.numpy().ravel() >> 4, packed.numpy().ravel() & 15], 1).ravel()
        values = state.code.double().numpy()[codes].reshape(-1, 64) * absmax.double().numpy()[:, None]
        dense[name] = values.reshape(w.shape)
        assert np.allclose(bnb.dequantize_4bit(packed, state).double().numpy(), dense[name], rtol=1e-3, atol=1e-4), name
    config = dict(quant_method="bitsandbytes", load_in_4bit=True, bnb_4bit_quant_type="fp4", bnb_4bit_use_double_quant=True)
    return out, {"quantization_config": config}, dense


def bnb_int8(weights):
    import bitsandbytes.functional as bnb

    out, dense = {}, {}
    for name, w in weights.items():
        if not is_linear(name):
            out[name] = w
            continue
        codes, scb, _ = bnb.int8_vectorwise_quant(w)
        stem = name[: -len(".weight")]
        out[name], out[f"{stem}.SCB"], out[f"{stem}.weight_format"] = codes, scb.float(), torch.tensor(0, dtype=torch.uint8)
        dense[name] = codes.double().numpy() * scb.double().numpy()[:, None] / 127
        own = bnb.int8_vectorwise_dequant(codes, scb.float())
        assert np.allclose(own.double().numpy(), dense[name], rtol=1e-6), name
    config = dict(quant_method="bitsandbytes", load_in_8bit=True, load_in_4bit=False, llm_int8_threshold=6.0)
    return out, {"quantization_config": config}, dense


KINDS = {
    "gptq_4bit": gptq(4, 64, True, False, 1),
    "gptq_4bit_desc_act": gptq(4, 32, False, True, 1),
    "gptq_8bit_v2": gptq(8, 32, False, False, 2),
    "awq": awq(32),
    "mlx_4bit": mlx(4, 64),
    "mlx_6bit": mlx(6, 32),
    "mlx_mxfp4": mlx(4, 32, "mxfp4"),
    "compressed_int4": compressed("pack-quantized", dict(num_bits=4, type="int", symmetric=False, strategy="group", group_size=32)),
    "compressed_int8": compressed("naive-quantized", dict(num_bits=8, type="int", symmetric=True, strategy="channel")),
    "compressed_fp8": compressed("naive-quantized", dict(num_bits=8, type="float", symmetric=True, strategy="channel")),
    "fp8_blocks": fp8_blocks,
    "bnb_fp4": bnb_fp4,
    "bnb_int8": bnb_int8,
}


def expected(weights, dense):
    model = LlamaForCausalLM(CONFIG).double()
    state = {k: torch.from_numpy(dense[k]) if k in dense else v.double() for k, v in weights.items()}
    model.load_state_dict(state)
    with torch.no_grad():
        logits = model(torch.tensor([IDS])).logits[0, -1]
    values = {k: (v.astype(np.float32) + np.float32(0)).tobytes() for k, v in dense.items()}
    return {"ids": IDS, "logits": logits.tolist(), "sha256": {k: hashlib.sha256(v).hexdigest() for k, v in sorted(values.items())}}


def main(names):
    weights = base_weights()
    for name in names or KINDS:
        tensors, config, dense = KINDS[name](weights)
        folder = OUT / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # expected() wants every weight of the model; those that were not quantised are the tensors as written.
        plain = {k: tensors[k] if k in tensors and k not in dense else v for k, v in weights.items()}
        save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        (folder / "config.json").write_text(json.dumps({**CONFIG.to_dict(), "architectures": ["LlamaForCausalLM"], **config}, indent=1) + "\n")
        (folder / "expected.json").write_text(json.dumps(expected(plain, dense), indent=1) + "\n")
        print(name, sum(f.stat().st_size for f in folder.iterdir()), "bytes", len(dense), "matrices")


main(sys.argv[1:])
