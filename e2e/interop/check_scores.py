"""Counts scores of answers in plain Python, in other ways than src/scores, and compares them with `tabtune score` on 500 answers of each kind.

    python e2e/interop/check_scores.py [DATASETS]

DATASETS: a folder with viggo.valid.jsonl, wikisql.train.jsonl and gsm8k.test.jsonl; without it, the rows made here alone are used. If scikit-learn or
torchmetrics (which counts in 32 bits) is installed, accuracy, macro F1 and ROUGE-L are also compared with theirs.
"""
import collections, json, os, random, re, sqlite3, subprocess, sys, tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
R = random.Random(7)


def tabtune(rows, name):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as f:
        for prompt, expected, answer in rows:
            f.write(json.dumps({"prompt": prompt, "expected": expected, "answer": answer}) + "\n")
    out = subprocess.run(["node", os.path.join(ROOT, "src/cli/launch.mjs"), "score", "--data", f.name, "--metrics", name, "--json"], capture_output=True, text=True)
    os.unlink(f.name)
    if out.returncode:
        sys.exit(out.stderr)
    score = json.loads(out.stdout)["scores"][0]
    return {g["key"]: g["value"] for g in score["figures"]}, score["grades"]


def f1(tp, said, wanted):
    return 1.0 if said + wanted == 0 else 2 * tp / (said + wanted)


def shared(a, b):
    return sum((collections.Counter(a) & collections.Counter(b)).values())


def micro(parts):
    tp = said = wanted = right = parsed = 0
    for got, want in parts:
        parsed += got is not None
        got = got or []
        t = shared(got, want)
        tp, said, wanted = tp + t, said + len(got), wanted + len(want)
        right += sorted(got) == sorted(want)
    return f1(tp, said, wanted), right / len(parts), parsed / len(parts)


# ── functional representations, by a hand-written scanner ──
def functional(text):
    text = text.strip()
    m = re.match(r"[^\W\d]\w*", text)
    if not m or not text[m.end():].lstrip().startswith("(") or not text.endswith(")"):
        return None
    body = text[m.end():].lstrip()[1:-1]
    out, at = [m.group()], 0
    while True:
        rest = body[at:].lstrip()
        at = len(body) - len(rest)
        if not rest:
            return out if len(out) == 1 else None
        n = re.match(r"([^\W\d]\w*)\s*\[", rest)
        if not n:
            return None
        end = rest.find("]", n.end())
        values = rest[n.end():end]
        if end < 0 or "[" in values:
            return None
        out.append(n.group(1) + "[" + ", ".join(sorted((v.strip() for v in values.split(",")), key=lambda s: s.encode("utf-16-be"))) + "]")
        rest = rest[end + 1:].lstrip()
        at = len(body) - len(rest)
        if not rest:
            return out
        if not rest.startswith(","):
            return None
        at += 1
        if not body[at:].strip():
            return None


# ── final numbers ──
def number(text):
    places = [i for i in range(len(text)) if text.startswith("####", i)]
    if places:
        # A line may have the mark several times; what stands behind the first of its row counts up to the end of the line.
        line = [l for l in text.split("\n") if "####" in l][-1]
        text = line[line.index("####"):].lstrip("#") if line.count("####") == 1 else line.split("####", 1)[1]
    found, i = [], 0
    while i < len(text):
        if not (text[i].isdigit() or (text[i] == "." and i + 1 < len(text) and text[i + 1].isdigit())):
            i += 1
            continue
        before = text[:i].rstrip().rstrip("$€£¥").rstrip()
        digits, i = groups(text, i)
        decimals = ""
        if i + 1 < len(text) and text[i] == "." and text[i + 1].isdigit():
            i += 1
            while i < len(text) and text[i].isdigit():
                decimals, i = decimals + text[i], i + 1
        value = (digits.lstrip("0") or "0") + ("." + decimals.rstrip("0") if decimals.rstrip("0") else "")
        found.append(("-" if before.endswith(("-", "−")) and value != "0" else "") + value)
    return (found[0] if places else found[-1]) if found else None


def groups(text, i):
    """The digits from place i on, in groups or not, and the place behind them."""
    run = lambda at: len(text[at:]) - len(text[at:].lstrip("0123456789"))
    first, best = run(i), None
    if 1 <= first <= 3:
        for separators, sizes in ((",", (2, 3)), ("_\u202f\u00a0 ", (3,))):
            digits, at, last = text[i:i + first], i + first, 0
            while at < len(text) and text[at] in separators and run(at + 1) in sizes:
                last = run(at + 1)
                digits, at = digits + text[at + 1:at + 1 + last], at + 1 + last
                if last == 3:
                    best = best if best and best[1] > at else (digits, at)
    return best or (text[i:i + first], i + first)


# ── JSON ──
def fields(text):
    m = re.match(r"\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", text, re.S | re.I)
    try:
        value = json.loads(m.group(1) if m else text, parse_float=str, parse_int=str)
    except ValueError:
        return None
    out = []

    def walk(v, path):
        if isinstance(v, dict) and v:
            for k, x in v.items():
                walk(x, path + (k,))
        elif isinstance(v, list) and v:
            for x in v:
                walk(x, path + (0,))
        else:
            out.append(repr((path, type(v).__name__, v)))

    walk(value, ())
    return out


# ── WikiSQL, by trying every column of the row at every place ──
def wikisql(text, prompt):
    pieces = re.search(r"^columns: *(.+)$", prompt, re.M).group(1).strip().lower().split(", ")
    names = {", ".join(pieces[i:j]) for i in range(len(pieces)) for j in range(i + 1, len(pieces) + 1)}
    m = re.match(r"\s*select\s+(.*?)\s+from\s+(\S+)(?:\s+where\s+(.*?))?\s*;?\s*$", text, re.S | re.I)
    if not m:
        return None
    head, table, where = m.group(1).strip(), m.group(2), m.group(3)
    first, _, rest = head.partition(" ")
    out = []
    if first.lower() in ("max", "min", "count", "sum", "avg") and rest.strip() and head.lower() not in names:
        out.append("aggregate " + first.lower())
        head = rest.strip()
    if head.lower() not in names:
        return None
    out += ["select " + head.lower(), "from " + table.lower()]

    def begins(s):
        return next(((s[: o.start()].strip().lower(), o.group(1), s[o.end():]) for o in re.finditer(r"\s+([=<>])\s+", s) if s[: o.start()].strip().lower() in names), None)

    while where:
        c = begins(where)
        if not c:
            return None
        column, op, rest = c
        value, where = rest, ""
        for a in re.finditer(r"\s+and\s+", rest, re.I):
            if begins(rest[a.end():]):
                value, where = rest[: a.start()], rest[a.end():]
                break
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] == "'":
            value = value[1:-1]
        if not value:
            return None
        out.append("%s %s %s" % (column, op, value.strip().lower()))
    return out


# ── words ──
def words(text):
    import unicodedata
    out, word = [], ""
    for c in text.lower():
        single = re.match(r"[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\u0e01-\u0e3a\u0e40-\u0e4e]", c)
        if unicodedata.category(c)[0] in "LNM" and not single:
            word += c
            continue
        if word:
            out.append(word)
        word = ""
        if single:
            out.append(c)
    return out + ([word] if word else [])


def lcs(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


# ── answers: the expected one, damaged in some way ──
def damaged(text, others):
    kind = R.randrange(9)
    if kind < 2:
        return text
    if kind == 2:
        return " " + text + "\n"
    if kind == 3:
        return R.choice(others)
    if kind == 4:
        return text[: R.randrange(len(text) + 1)]
    if kind == 5:
        pieces = re.split(r"(, | AND | )", text)
        i = R.randrange(len(pieces))
        return "".join(pieces[:i] + pieces[i + 1:])
    if kind == 6:
        i = R.randrange(len(text) + 1)
        return text[:i] + R.choice(["[", "]", "(", ")", ",", "'", "é", "，", "\u00a0", "-", "0", "{", '"', " AND ", "####"]) + text[i:]
    if kind == 7:
        return text.upper()
    return text + R.choice([";", ".", " 12", "\n#### 5", " trailing", "```"])


def rows_of(pairs, count=500):
    answers = [e for _, e in pairs]
    return [(p, e, damaged(e, answers)) for p, e in (R.choice(pairs) for _ in range(count))]


def load(folder, name, pair):
    path = os.path.join(folder or "", name)
    return [pair(json.loads(l)) for l in open(path, encoding="utf-8")] if folder and os.path.exists(path) else []


failed = 0


def compare(what, got, want, most=1e-9):
    global failed
    worst = max(abs(got[k] - v) for k, v in want.items())
    failed += worst > most
    print("%-15s %s  largest difference %.1e" % (what, {k: round(v, 4) for k, v in want.items()}, worst))


folder = sys.argv[1] if len(sys.argv) > 1 else None
acts = ["inform", "request", "give_opinion"]
made = [("", "%s(name[Game %d], genres[%s], esrb[E 10+ (for Everyone 10 and Older)])" % (R.choice(acts), i, ", ".join(R.sample(["puzzle", "sport", "indie"], 2)))) for i in range(40)]
rows = rows_of(load(folder, "viggo.valid.jsonl", lambda r: (r["input"], r["output"])) or made)
got, _ = tabtune(rows, "functional")
a, b, c = micro([(functional(x), functional(e)) for _, e, x in rows])
compare("functional", got, {"functionalF1": a, "functionalRight": b, "functionalParsed": c})
got, _ = tabtune(rows, "exact-match")
compare("exact match", got, {"exactMatch": sum(e.strip() == x.strip() for _, e, x in rows) / len(rows)})

made = [("Q", "It is %d + %d.\n#### %s" % (i, i, R.choice([str(2 * i), "%d,%03d" % (i + 1, i), "-%d" % i, "$%d.50" % i, "%d%%" % i]))) for i in range(40)]
rows = rows_of((load(folder, "gsm8k.test.jsonl", lambda r: (r["question"], r["answer"])) or []) + made)
got, _ = tabtune(rows, "final-number")
compare("final number", got, {"finalNumber": sum(x.strip() == e.strip() if number(e) is None else number(x) == number(e) for _, e, x in rows) / len(rows)})
got, grades = tabtune(rows, "rouge-l")
rouge = [f1(lcs(words(x), words(e)), len(words(x)), len(words(e))) for _, e, x in rows]
compare("ROUGE-L", got, {"rougeL": sum(rouge) / len(rouge)})
got, _ = tabtune(rows, "token-f1")
try:
    from torchmetrics.functional.text import rouge_score
    plain = [(x, e) for _, e, x in rows if x.isascii() and e.isascii()]
    asked = [("", e, x) for x, e in plain]
    theirs = [float(rouge_score(x, e, rouge_keys="rougeL")["rougeL_fmeasure"]) if words(x) and words(e) else f1(0, len(words(x)), len(words(e))) for x, e in plain]
    compare("torchmetrics", tabtune(asked, "rouge-l")[0], {"rougeL": sum(theirs) / len(theirs)}, 1e-6)
except ImportError:
    print("torchmetrics is not installed: ROUGE-L is compared with plain Python alone")
tokens = [f1(shared(words(x), words(e)), len(words(x)), len(words(e))) for _, e, x in rows]
compare("word F1", got, {"tokenF1": sum(tokens) / len(tokens)})

made = [("table: t%d\ncolumns: Player, No., Power, continuous, Years in Toronto\nQ: q" % i, "SELECT %sNo. FROM t%d WHERE Player = 'A and B' AND Power, continuous > %d" % (R.choice(["", "COUNT ", "MAX "]), i, i)) for i in range(40)]


def wiki(r):
    prompt, _, answer = r["text"].partition("\nA: ")
    return prompt, answer


rows = rows_of(load(folder, "wikisql.train.jsonl", wiki) + made)
got, _ = tabtune(rows, "sql")
# An answer that is not in WikiSQL's notation may still be standard SQL, which is judged by other parts, so only whole queries are compared here.
right = sum(wikisql(x, p) is not None and sorted(wikisql(x, p)) == sorted(wikisql(e, p)) for p, e, x in rows) / len(rows)
compare("WikiSQL", got, {"sqlRight": right})

made = [("", json.dumps({"name": "n%d" % i, "tags": R.sample(["a", "b", "c"], 2), "at": {"x": i, "y": R.choice([None, True, 1.5])}})) for i in range(60)]
rows = rows_of(made)
got, _ = tabtune(rows, "json")
a, b, c = micro([(fields(x), fields(e)) for _, e, x in rows])
compare("JSON", got, {"jsonF1": a, "jsonRight": b, "jsonParsed": c})

# ── SQL by execution, in Python's own SQLite ──
def executed(prompt, query):
    db = sqlite3.connect(":memory:")
    try:
        db.executescript(prompt.split("Question:")[0])
        cursor = db.execute(query)
        return cursor.fetchall() if cursor.description else None
    except (sqlite3.Error, sqlite3.Warning, ValueError):
        return None
    finally:
        db.close()


def same_result(prompt, expected, answer):
    want, said = executed(prompt, expected), executed(prompt, answer)
    if want is None:
        return expected.strip() == answer.strip()
    key = lambda row: [repr(v) if not isinstance(v, (int, float)) else "%.12g" % v for v in row]
    want, said = [key(r) for r in want], said and [key(r) for r in said] if said is not None else None
    return said is not None and (said == want if "ORDER BY" in expected else sorted(said) == sorted(want))


def shop(i):
    names = ["ada", "bo", "cy; (d", "o''brien"]
    goods = ", ".join("(%d, '%s', %d.%d, %s)" % (k, R.choice(names), R.randrange(9), R.choice([0, 5]), R.choice(["NULL", "1", "2"])) for k in range(R.randrange(9)))
    prompt = "CREATE TABLE sale (id INTEGER, name TEXT, price REAL, shop_id INTEGER);\nCREATE TABLE shop (id INTEGER, city TEXT);\n"
    prompt += "INSERT INTO shop VALUES (1, 'Oslo'), (2, 'Rome');\n" + ("INSERT INTO sale VALUES %s;\n" % goods if goods else "INSERT INTO sale VALUES (1, 'ada', 2.5, 1);\n")
    query = R.choice([
        "SELECT name FROM sale WHERE price > %d AND shop_id = 1" % R.randrange(6),
        "SELECT COUNT(*) FROM sale WHERE name = 'ada'",
        "SELECT city, COUNT(*) FROM sale JOIN shop ON sale.shop_id = shop.id GROUP BY city",
        "SELECT name, price FROM sale ORDER BY price DESC, id",
        "SELECT DISTINCT name FROM sale",
        "SELECT AVG(price) FROM sale GROUP BY shop_id ORDER BY AVG(price) LIMIT 2",
        "SELECT name FROM sale WHERE shop_id IS NULL",
        "SELECT max(price) - min(price) FROM sale",
    ])
    return prompt + "Question: number %d?" % i, query


def otherwise(query, others):
    change = R.choice([lambda q: q, lambda q: q.lower().replace("'oslo'", "'Oslo'"), lambda q: q.replace("DISTINCT ", ""), lambda q: q.replace("price >", "price >="),
                       lambda q: q.replace(" DESC", ""), lambda q: q.split(" ORDER")[0], lambda q: q + ";", lambda q: q + "; SELECT 1", lambda q: "SELECT * FROM (%s)" % q,
                       lambda q: q.replace("COUNT(*)", "COUNT(id)"), lambda q: q.replace("COUNT(*)", "SUM(1)"), lambda q: q.replace("JOIN", "LEFT JOIN"), lambda q: R.choice(others),
                       lambda q: damaged(q, others), lambda q: q + " -- sure", lambda q: "", lambda q: "DELETE FROM sale"])
    return change(query)


pairs = [shop(i) for i in range(120)]
rows = [(p, e, otherwise(e, [q for _, q in pairs])) for p, e in (R.choice(pairs) for _ in range(500))]
got, grades = tabtune(rows, "sql-execution")
right = [same_result(p, e, x) for p, e, x in rows]
for (p, e, x), g, r in zip(rows, grades, right):
    if g != r:
        print("  differs:", e, "|", x, "|", g, r)
compare("SQL execution", got, {"sqlResult": sum(right) / len(right)})

labels = ["positive", "negative", "neutral", "very negative"]
rows = [("", e, R.choice([e, e, e.upper() + ".", " " + e + "\n", R.choice(labels), "positively", ""])) for e in (R.choice(labels) for _ in range(500))]
got, _ = tabtune(rows, "classification")
clean = lambda t: re.sub(r"[\s.!?]+$", "", t.strip().lower())
want, said = [clean(e) for _, e, _ in rows], [clean(x) for _, _, x in rows]
per = []
for l in sorted(set(want)):
    tp = sum(w == l == s for w, s in zip(want, said))
    per.append(2 * tp / (want.count(l) + said.count(l)))
compare("classification", got, {"accuracy": sum(w == s for w, s in zip(want, said)) / len(rows), "macroF1": sum(per) / len(per)})
try:
    from sklearn.metrics import accuracy_score, f1_score
    compare("scikit-learn", got, {"accuracy": accuracy_score(want, said), "macroF1": f1_score(want, said, labels=sorted(set(want)), average="macro", zero_division=0)})
except ImportError:
    print("scikit-learn is not installed: accuracy and macro F1 are compared with plain Python alone")
try:
    import torch
    from torchmetrics.functional.classification import multiclass_accuracy, multiclass_f1_score
    classes = sorted(set(want)) + ["another label"]
    ids = lambda found: torch.tensor([classes.index(l) if l in classes else len(classes) - 1 for l in found])
    count = {"num_classes": len(classes), "average": None}
    per = multiclass_f1_score(ids(said), ids(want), **count)[:-1]
    share = multiclass_accuracy(ids(said), ids(want), num_classes=len(classes), average="micro")
    compare("torchmetrics", got, {"accuracy": float(share), "macroF1": float(per.mean())}, 1e-6)
except ImportError:
    print("torchmetrics is not installed: accuracy and macro F1 are not compared with its own")
print("%d kinds differ" % failed)
sys.exit(failed > 0)
