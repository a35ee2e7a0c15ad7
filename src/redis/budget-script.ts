import { figures, ranks } from '../core/budget-pool.ts';
import { channelsInCommon, keptForMs, sameWindowMs, soonMs, togetherMs } from '../core/budget-rule.ts';
import { defineScript } from './script.ts';

/** As a table of Lua. */
const table = (values: Readonly<Record<string, number>>): string =>
  `{ ${Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')} }`;

/** core/budget-pool.ts, function by function; but what is given is changed. */
const pool = `
  local figures, ranks = ${table(figures)}, ${table(ranks)}

  local function fresh() return { at = 0, blockedUntil = 0, slow = 1, calls = {}, running = {}, line = {} } end

  local function only(list, fits)
    local kept = {}
    for index, value in ipairs(list) do if fits(value, index) then kept[#kept + 1] = value end end
    return kept
  end

  local function within(calls, ms) return only(calls, function(at) return at > now - ms end) end

  local function slowAt(pool)
    local calm = math.floor(math.max(0, now - pool.blockedUntil) / figures.calmMs)
    return math.max(1, pool.slow / 2 ^ calm)
  end

  local function tokensAt(pool, allowance)
    if not pool.tokens then return allowance.burst end
    local seconds = math.max(0, now - pool.at) / 1000
    return math.min(allowance.burst, pool.tokens + (seconds * allowance.refillPerSecond) / slowAt(pool))
  end

  local function tidy(pool)
    for answer, at in pairs(pool.running) do
      if now - at > figures.runningForMs then pool.running[answer] = nil end
    end
    pool.line = only(pool.line, function(waiting) return now - waiting.asksAt <= figures.lateMs end)
    if pool.told and now >= pool.told.endsAt then pool.told = nil end
  end

  local function place(pool, question)
    for index, waiting in ipairs(pool.line) do
      if waiting.answer == question.answer and waiting.rank == question.rank then return index end
    end
  end

  local function countBefore(pool, question)
    local own = place(pool, question)
    return #only(pool.line, function(waiting, index)
      return waiting.answer ~= question.answer and (waiting.rank < question.rank
        or (waiting.rank == question.rank and (not own or index < own)))
    end)
  end

  local function heldFor(question, reserve, perSecond, most)
    if question.rank <= figures.lastUrgent then return 0 end
    local held = math.max(reserve, math.ceil(question.owed - perSecond * figures.soonSeconds))
    return math.min(most, held + (question.rank == ranks.typing and figures.typingLeaves or 0))
  end

  local function flowWait(pool, question, needed)
    local allowance, slow = question.allowance, slowAt(pool)
    local spreading = question.window and slow == 1
    if spreading and question.rank <= figures.lastUrgent then return 0 end
    local rate = allowance.refillPerSecond
    local held = spreading and 0 or heldFor(question, allowance.reserve, rate, allowance.burst - 1)
    local lack = needed + held - tokensAt(pool, allowance)
    return lack > 0 and math.ceil((lack / (rate / slow)) * 1000) or 0
  end

  local function roomWait(calls, ms, more, recent)
    local lack = more - (calls - #recent)
    if lack <= 0 then return 0 end
    local length = math.max(1, #recent)
    local last = recent[(lack - 1) % length + 1] or now
    return last + ms * (1 + math.floor((lack - 1) / length)) - now
  end

  local function windowWait(pool, question, needed)
    local window = question.window
    if not window then return 0 end
    local calls = pool.limit or window.calls
    local recent = within(pool.calls, window.ms)
    local perSecond = (calls * 1000) / window.ms
    local held = heldFor(question, 0, perSecond, math.max(0, calls - math.ceil(perSecond * figures.soonSeconds)))
    local told = 0
    if pool.told and pool.told.left < needed + held then told = math.max(0, pool.told.endsAt - now) end
    local burst = window.burst
    return math.max(told, roomWait(calls, window.ms, needed + held, recent),
      burst and roomWait(burst.calls, burst.ms, needed, within(pool.calls, burst.ms)) or 0)
  end

  local function waitIn(pool, question)
    local needed = 1 + countBefore(pool, question)
    local silentMs = math.max(0, pool.blockedUntil - now)
    return math.max(silentMs + flowWait(pool, question, needed), windowWait(pool, question, needed))
  end

  local function leaveLine(pool, answer)
    pool.line = only(pool.line, function(waiting) return waiting.answer ~= answer end)
  end

  local function take(pool, question)
    local window = question.window
    pool.tokens = math.floor(math.max(0, tokensAt(pool, question.allowance) - 1) * 1e6) / 1e6
    pool.at = now
    pool.calls = window and within(pool.calls, window.ms) or {}
    if window then pool.calls[#pool.calls + 1] = now end
    if pool.told then pool.told.left = pool.told.left - 1 end
    leaveLine(pool, question.answer)
  end

  local function join(pool, question, asksAt)
    local own = place(pool, question)
    local waiting = { answer = question.answer, rank = question.rank, asksAt = asksAt }
    if own then pool.line[own] = waiting return end
    local line = only(pool.line, function(other) return other.answer ~= question.answer end)
    if #line >= figures.longestLine then return end
    line[#line + 1] = waiting
    pool.line = line
  end

  local function silence(pool, asked)
    local untilMs = math.max(pool.blockedUntil, now + math.ceil(asked.retryAfterMs) + figures.marginMs)
    local slow = slowAt(pool)
    if not asked.foreseen and now >= pool.blockedUntil then slow = math.min(figures.mostSlow, slow * 2) end
    pool.tokens, pool.at, pool.blockedUntil, pool.slow = 1, untilMs, untilMs, slow
  end
`;

/** core/budget-rule.ts in the same way: a function for each thing that is done, by its name. */
const rule = `
  local acts = {}

  function acts.draw(pools, asked)
    local pace, purpose, answer = asked.pace, asked.purpose, asked.answer
    local rank = ranks[purpose]
    tidy(pools.own) tidy(pools.drafts) tidy(pools.bot)
    if purpose ~= 'final' then pools.own.running[answer] = now end
    local drafted = purpose == 'draft' and pace.draft or nil
    local pool = drafted and pools.drafts or pools.own
    local owed = 0
    if not drafted then for _ in pairs(pools.own.running) do owed = owed + 1 end end
    local here = { allowance = drafted or pace, window = not drafted and pace.window or nil,
      rank = rank, answer = answer, owed = owed }
    local there = pace.bot and not pace.lane and { allowance = pace.bot, rank = rank, answer = answer, owed = 0 }
    local hereMs = waitIn(pool, here)
    local thereMs = there and waitIn(pools.bot, there) or 0
    local waitMs = math.max(hereMs, thereMs)
    if waitMs == 0 then
      take(pool, here)
      if there then take(pools.bot, there) end
      if purpose == 'final' then pools.own.running[answer] = nil end
      return waitMs
    end
    if purpose == 'typing' then return waitMs end
    local silentMs = math.max(pool.blockedUntil, there and pools.bot.blockedUntil or 0) - now
    if rank > figures.lastUrgent and waitMs > ${soonMs} then waitMs = math.max(math.ceil(waitMs / 2), silentMs) end
    if hereMs > 0 then join(pool, here, now + waitMs) end
    if thereMs > 0 then join(pools.bot, there, now + waitMs) end
    return waitMs
  end

  function acts.block(pools, asked)
    local channel = asked.channel
    local others = only(pools.bot.silenced or {}, function(former)
      return former.channel ~= channel and now - former.at < ${togetherMs}
    end)
    local guessed = #others >= ${channelsInCommon - 1}
    if not asked.scope then
      others[#others + 1] = { channel = channel, at = now, ['until'] = now + asked.retryAfterMs }
      if #others > ${channelsInCommon} then table.remove(others, 1) end
      pools.bot.silenced = others
    end
    silence(pools.own, asked)
    silence(pools.drafts, asked)
    if asked.scope == 'bot' then silence(pools.bot, asked) end
    if not asked.scope and guessed then
      local common = asked.retryAfterMs
      for _, former in ipairs(others) do common = math.min(common, former['until'] - now) end
      silence(pools.bot, { retryAfterMs = common, foreseen = asked.foreseen })
    end
  end

  function acts.learn(pools, limit)
    local own = pools.own
    tidy(own)
    local endsAt, told = now + math.ceil(limit.resetAfterMs), own.told
    own.limit = limit.calls
    if told and endsAt <= told.endsAt + ${sameWindowMs} then
      own.told = { left = math.min(told.left, limit.remaining), endsAt = math.max(told.endsAt, endsAt) }
    else
      own.told = { left = limit.remaining, endsAt = endsAt }
    end
  end

  function acts.leave(pools, asked)
    for _, pool in pairs(pools) do leaveLine(pool, asked.answer) end
    pools.own.running[asked.answer] = nil
  end
`;

/**
 * Keys: of the place, of the bot. Arguments: what is done, with what, and the time, which is Redis' own if none is given.
 * An empty list becomes an empty table when it is written down; Lua reads both alike, and nobody else reads them.
 */
export const budgetScript = defineScript(`
  local seconds, micros = unpack(redis.call('TIME'))
  local now = ARGV[3] and tonumber(ARGV[3]) or seconds * 1000 + math.floor(micros / 1000)
${pool}
${rule}
  local function read(key) local found = redis.call('GET', key) return found and cjson.decode(found) or {} end
  local place, account = read(KEYS[1]), read(KEYS[2])
  local pools = { own = place.own or fresh(), drafts = place.drafts or fresh(), bot = account.bot or fresh() }
  local answer = acts[ARGV[1]](pools, cjson.decode(ARGV[2]))
  local keptMs = math.max(0, pools.own.blockedUntil - now, pools.bot.blockedUntil - now) + ${keptForMs}
  redis.call('SET', KEYS[1], cjson.encode({ own = pools.own, drafts = pools.drafts }), 'PX', keptMs)
  redis.call('SET', KEYS[2], cjson.encode({ bot = pools.bot }), 'PX', keptMs)
  return answer
`);
