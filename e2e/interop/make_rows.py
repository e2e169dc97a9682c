"""Writes the small Parquet files of src/data/in/testing and what pyarrow reads from them. Needs pyarrow: python e2e/interop/make_rows.py"""

import datetime as dt
import decimal as dc
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).parents[2] / "src/data/in/testing"
OUT.mkdir(exist_ok=True)
UTC = dt.timezone.utc

turns = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
chats = pa.table(
    {
        "messages": pa.array(
            [
                [{"role": "user", "content": "Hi é"}, {"role": "assistant", "content": "Hello 😀"}],
                [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}],
                [],
                None,
            ],
            type=turns,
        ),
        "tags": pa.array([["a", None], [], None, ["b"]], type=pa.list_(pa.string())),
        "scores": pa.array([{"x": 1}, None, {"x": 2, "y": 3}, {}], type=pa.map_(pa.string(), pa.int64())),
        "about": pa.array([{"id": 1, "deep": {"ok": True}}, None, {"id": None, "deep": None}, {"id": 4, "deep": {"ok": False}}]),
    }
)
values = pa.table(
    {
        "i64": pa.array([9223372036854775807, -9007199254740993, None], type=pa.int64()),
        "u64": pa.array([18446744073709551615, 1, 0], type=pa.uint64()),
        "u32": pa.array([4294967295, 1, 0], type=pa.uint32()),
        "i8": pa.array([-128, 1, 0], type=pa.int8()),
        "f64": pa.array([5.0, 0.1, float("nan")], type=pa.float64()),
        "f32": pa.array([1.1, 3.0, -0.5], type=pa.float32()),
        "money": pa.array([dc.Decimal("-12.50"), dc.Decimal("0.05"), None], type=pa.decimal128(20, 2)),
        "huge": pa.array([dc.Decimal("12345678901234567890123.45"), dc.Decimal("-0.01"), dc.Decimal("0.00")], type=pa.decimal256(40, 2)),
        "day": pa.array([dt.date(2024, 2, 29), dt.date(1969, 12, 31), None], type=pa.date32()),
        "utc": pa.array([dt.datetime(2024, 1, 31, 12, 0, 0, 250000, UTC), dt.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), None], type=pa.timestamp("us", tz="UTC")),
        "local": pa.array([dt.datetime(2024, 1, 31, 12), dt.datetime(1900, 1, 1), None], type=pa.timestamp("ns")),
        "time": pa.array([dt.time(1, 2, 3), dt.time(23, 59, 59, 500000), None], type=pa.time64("us")),
        "flag": pa.array([True, False, None]),
        "word": pa.array(["one", "one", "two"]).dictionary_encode(),
        "raw": pa.array([b"\xff\xfe", b"ok", None], type=pa.binary()),
    }
)


def plain(value):
    """As this project reads it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, dc.Decimal):
        return f"<{value}>"
    return value


def text_of(column, value):
    if value is None:
        return None
    if column == "scores":
        return dict(value)
    if column == "f32":
        return float(f"{value:.7g}")
    if column in ("day", "time"):
        return value.isoformat().rstrip("0") if "." in value.isoformat() else value.isoformat()
    if column in ("utc", "local"):
        text = value.isoformat().replace("+00:00", "")
        return (text.rstrip("0") if "." in text else text) + ("Z" if column == "utc" else "")
    return plain(value)


def rows_of(table):
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    return [{name: text_of(name, column[i]) for name, column in columns.items()} for i in range(table.num_rows)]


def json_of(row):
    """JSON in which decimals are numbers with all their digits."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).replace('"<', "").replace('>"', "")


for name, table in {"chats": chats, "values": values}.items():
    (OUT / f"{name}.rows.jsonl").write_text("".join(f"{json_of(row)}\n" for row in rows_of(table)))

settings = {"write_statistics": False, "store_schema": False}
pq.write_table(chats, OUT / "chats.parquet", row_group_size=3, compression="snappy", **settings)
pq.write_table(values, OUT / "values.parquet", compression="none", **settings)
words = pa.table({"text": [f"row {i % 7}" for i in range(300)]})
for codec in ("gzip", "zstd", "brotli", "lz4"):
    pq.write_table(words, OUT / f"words.{codec}.parquet", row_group_size=100, compression=codec, data_page_version="2.0" if codec == "zstd" else "1.0", **settings)
encodings = pa.table(
    {
        "delta": pa.array([None if i % 5 == 0 else i * i - 7 for i in range(300)], type=pa.int64()),
        "small": pa.array([i % 11 - 5 for i in range(300)], type=pa.int32()),
        "length": [f"word {i % 13}" for i in range(300)],
        "prefix": [f"a common beginning {i // 7}" for i in range(300)],
        "split": pa.array([i / 4 for i in range(300)], type=pa.float32()),
        "flag": [i % 3 == 0 for i in range(300)],
    }
)
used = {"delta": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "length": "DELTA_LENGTH_BYTE_ARRAY", "prefix": "DELTA_BYTE_ARRAY", "split": "BYTE_STREAM_SPLIT", "flag": "RLE"}
(OUT / "encodings.rows.jsonl").write_text("".join(f"{json_of(row)}\n" for row in rows_of(encodings)))
pq.write_table(encodings, OUT / "encodings.parquet", compression="snappy", use_dictionary=False, column_encoding=used, data_page_version="2.0", **settings)
