// Interprets chat templates within a budget. Each operand is evaluated once, the operation is charged by the size of its operands, and
// only then it runs.
import type { Environment } from '@huggingface/jinja'
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { JinjaValue } from './jinja-values'
import { type Evaluated, PythonInterpreter, type Statement } from './python-filters'
import type { TemplateBudget } from './template-budget'
import { chargeFilter, chargeItems, chargeMember, chargeMethod, chargeOperation } from './template-costs'

type Argument = Statement & { key?: unknown; value?: unknown; argument?: Statement }
type Name = Statement & { value?: string }
type Call = Statement & { callee: Member & Name; args: Argument[] }
type Member = Statement & { object?: Statement; property?: Name; computed?: boolean }
type Filter = Statement & { operand: Statement; filter: Name & Partial<Call> }
type Binary = Statement & { operator: { value: string }; left: Statement; right: Statement }
type For = Statement & { iterable: Statement & { lhs?: Statement } }

/** Work of a step, and bytes of its result. */
const [stepWork, stepBytes] = [500, 50]
/** Most nested evaluations, so that a macro that calls itself does not use up the stack. */
const maxDepth = 500
/** Work of defining a macro, which goes through its body. */
const macroWork = 50_000

const done = (result: JinjaValue): Evaluated => ({ type: 'Evaluated', result }) as Evaluated

export class BudgetedInterpreter extends PythonInterpreter {
  private readonly budget: TemplateBudget
  private depth = 0

  constructor(environment: Environment, budget: TemplateBudget) {
    super(environment)
    this.budget = budget
  }

  override evaluate(statement: Statement | undefined, environment: Environment): JinjaValue {
    if (statement?.type === 'Evaluated') return super.evaluate(statement, environment)
    this.budget.charge(stepWork, stepBytes)
    if (++this.depth > maxDepth)
      throw new UnsupportedError(
        say`chat template: expected expressions and macros nested at most ${maxDepth} deep, got deeper ones. Use another model or a dataset without chat turns.`,
      )
    try {
      return super.evaluate(statement && this.prepared(statement, environment), environment)
    } finally {
      this.depth--
    }
  }

  /** The statement with its operands evaluated and charged. */
  private prepared(statement: Statement, environment: Environment): Statement {
    const valueOf = (part: Statement): JinjaValue => this.evaluate(part, environment)
    switch (statement.type) {
      case 'BinaryExpression':
        return this.operation(statement as Binary, valueOf)
      case 'FilterExpression':
        return this.filter(statement as Filter, valueOf)
      case 'FilterStatement': {
        const { filter, body } = statement as Filter & { body: Statement[] }
        const operand = valueOf({ type: 'Program', body } as Statement)
        return this.filter({ type: 'FilterExpression', operand: done(operand), filter } as Filter, valueOf)
      }
      case 'TestExpression': {
        const operand = valueOf((statement as Filter).operand)
        this.budget.charge(typeof operand.value === 'string' ? operand.value.length : 0)
        return { ...statement, operand: done(operand) } as Statement
      }
      case 'CallExpression':
        return this.call(statement as Call, valueOf)
      case 'MemberExpression': {
        const { object, property, computed } = statement as Member
        const value = valueOf(object!)
        chargeMember(this.budget, value, Boolean(computed) && property?.type === 'SliceExpression')
        return { ...statement, object: done(value) } as Statement
      }
      case 'For':
        return this.loop(statement as For, valueOf)
      case 'StringLiteral':
        this.budget.charge(0, String((statement as Name).value).length)
        return statement
      case 'Macro':
      case 'CallStatement':
        this.budget.charge(macroWork)
        return statement
      default:
        return statement
    }
  }

  private operation(statement: Binary, valueOf: ValueOf): Statement {
    const { operator } = statement
    if (operator.value === 'and' || operator.value === 'or') return statement
    const [left, right] = [valueOf(statement.left), valueOf(statement.right)]
    chargeOperation(this.budget, operator.value, left, right)
    return { ...statement, left: done(left), right: done(right) } as Statement
  }

  private filter(statement: Filter, valueOf: ValueOf): Statement {
    const { filter } = statement
    const operand = valueOf(statement.operand)
    const name = filter.callee?.value ?? filter.value ?? ''
    // These look at the expressions of their arguments, which are short texts.
    const keeps = name === 'selectattr' || name === 'rejectattr'
    const args = keeps ? [] : (filter.args ?? []).map((arg) => evaluated(arg, valueOf))
    chargeFilter(this.budget, name, operand, args.map(resultOf))
    return { ...statement, operand: done(operand), filter: keeps || !filter.args ? filter : { ...filter, args } } as Statement
  }

  private call(statement: Call, valueOf: ValueOf): Statement {
    const { callee } = statement
    const object = callee.object && valueOf(callee.object)
    const args = statement.args.map((arg) => evaluated(arg, valueOf))
    const text = object?.value as unknown
    if (typeof text === 'string') chargeMethod(this.budget, callee.computed ? '' : String(callee.property?.value), text, args.map(resultOf))
    else if (object?.value instanceof Map) this.budget.charge(50 * object.value.size, 150 * object.value.size)
    else if (callee.value === 'raise_exception' || callee.value === 'namespace') for (const arg of args) this.budget.whole(resultOf(arg))
    return { ...statement, args, callee: object ? { ...callee, object: done(object) } : callee } as Statement
  }

  private loop(statement: For, valueOf: ValueOf): Statement {
    const { iterable } = statement
    const selects = iterable.type === 'SelectExpression' && iterable.lhs !== undefined
    const items = valueOf(selects ? iterable.lhs! : iterable)
    chargeItems(this.budget, items)
    return { ...statement, iterable: selects ? { ...iterable, lhs: done(items) } : done(items) } as Statement
  }
}

type ValueOf = (part: Statement) => JinjaValue

/** An argument with its value in place of its expression. */
function evaluated(arg: Argument, valueOf: ValueOf): Argument {
  if (arg.type === 'KeywordArgumentExpression') return { ...arg, value: done(valueOf(arg.value as Statement)) } as Argument
  if (arg.type === 'SpreadExpression' || arg.type === 'KeywordSpreadExpression')
    return { ...arg, argument: done(valueOf(arg.argument!)) } as Argument
  return done(valueOf(arg))
}

function resultOf(arg: Argument): JinjaValue {
  const inside = (arg.type === 'Evaluated' ? arg : (arg.argument ?? arg.value)) as Evaluated
  return inside.result
}
