"""The Python of an adapter's model card, run as it stands: peft_usage.py MODEL_DIR ADAPTER_DIR QUESTION

Only the two paths and the question are put in. Prints what the card's code prints: the answer.
"""
import json
import re
import sys
from pathlib import Path

model_dir, adapter_dir, question = sys.argv[1:]
card = Path(adapter_dir, "README.md").read_text(encoding="utf-8")
code = re.search(r"```python\n(.*?)```", card, re.S)[1]
places = {"path/to/the/base/model": model_dir, "path/to/this/folder": adapter_dir, "Your question": question}
for place, value in places.items():
    code = code.replace(f'"{place}"', json.dumps(value)).replace(place, value)
exec(code)
