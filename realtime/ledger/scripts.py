"""The ledger's Lua: what the server does in one stroke. Pure: texts only; `ledger_redis.py` sends them.

Numbers stay texts wherever they may: a score is exact up to 2^53 (microseconds reach that in the year 2255), but Lua writes numbers of
more than 14 digits with an exponent. Answers are one text, its parts a line each, since a client reads one long answer in a tenth of
the time that it takes for fifty short ones; what stands in a line is JSON or a plain word, so it holds no line end.

A *round* is one opening of the ledger, `RUN:NONCE`; `open` holds the same word while dials may be taken. So whoever asks names the
round that it has joined, and after a restart, a FLUSHALL or another opening is told to join anew before anything is taken.
"""

from __future__ import annotations

_READY = """
local function ready(word)
  local run = redis.call('HGET', KEYS[1], 'run')
  if not run or string.sub(word, 1, #run) ~= run then return 'restarted' end
  if redis.call('GET', KEYS[2]) ~= word then return 'rebuilding' end
  return ''
end
"""
"""KEYS[1] the epoch, KEYS[2] what is open. Who opens a connection after a restart puts the new run into the epoch before anything else."""

_SEEN = """
local function seen(word, campaign, out, prefix, packed)
  local state = redis.call('HGET', KEYS[3], campaign) or ''
  local all = redis.call('HGET', KEYS[3], '*') or ''
  out[1], out[2], out[3] = word, state, all
  for key = 4, 5 do
    local values = redis.call('HVALS', KEYS[key])
    out[#out + 1] = #values
    for _, value in ipairs(values) do out[#out + 1] = value end
  end
  local room, n, checks = true, #out, cmsgpack.unpack(packed)
  for i = 1, #checks, 3 do
    local key, most = prefix .. checks[i], checks[i + 2]
    local events, frees = redis.call('ZCOUNT', key, checks[i + 1], '+inf'), '0'
    if events >= most then
      room = false
      if most > 0 then frees = redis.call('ZREVRANGE', key, most - 1, most - 1, 'WITHSCORES')[2] end
    end
    if events > 0 then
      out[n + 1], out[n + 2], out[n + 3] = (i - 1) / 3, events, frees
      n = n + 3
    end
  end
  return room, state, all
end
"""
"""KEYS[3] states, [4] the number's blocks, [5] its consents. `packed`: (counter, since, most) of each check, in one piece: a dial has a
hundred, and as words of their own they cost both sides more than all else. Told are those that have counted anything, by their place.
Moments are whole numbers there, which a double holds up to 2^53."""

_PUT = """
local function put(key, at, member, keep)
  redis.call('ZADD', key, at, member)
  if redis.call('TTL', key) < tonumber(keep) then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('(%.0f', tonumber(at) - tonumber(keep) * 1000000))
    redis.call('EXPIRE', key, tonumber(keep) + 3600)
  end
  if string.find(key, ':c:flight:', 1, true) then redis.call('SADD', FLIGHTS, key) end
end
"""
"""What is too old goes, and the expiry is renewed, once an hour and not each time: that halves the work, and what is in the file."""

LOOK = (
    _READY
    + _SEEN
    + """
local word = ready(ARGV[1])
local out = {}
if word ~= '' then return word end
seen('', ARGV[2], out, ARGV[3], ARGV[4])
return table.concat(out, '\\n')
"""
)
"""KEYS: epoch, open, states, blocks, consents, (three that are not looked at). ARGV: round, campaign, what counters begin with, checks."""

TAKE = (
    _READY
    + _SEEN
    + _PUT.replace("FLIGHTS", "KEYS[7]")
    + """
local word = ready(ARGV[1])
if word ~= '' then return word end
local blocks, consents = tonumber(ARGV[8]), tonumber(ARGV[9])
local out = {}
local good, state, all = seen('', ARGV[2], out, ARGV[6], ARGV[7])
good = good and all ~= 'stopped' and state == ARGV[3] and (state == 'trial' or state == 'formal')
local at = 12
good = good and redis.call('HLEN', KEYS[4]) == blocks
for i = 1, blocks do
  good = good and redis.call('HGET', KEYS[4], ARGV[at]) == ARGV[at + 1]
  at = at + 2
end
for i = 1, consents do
  good = good and redis.call('HGET', KEYS[5], ARGV[at]) == ARGV[at + 1]
  at = at + 2
end
if good then
  for i = 9, #KEYS do
    put(KEYS[i], ARGV[at], ARGV[at + 1], ARGV[at + 2])
    at = at + 3
  end
  local epoch = redis.call('HGET', KEYS[1], 'number')
  redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[4], '*', 'epoch', epoch, 'batch', ARGV[5])
  redis.call('HSET', KEYS[8], ARGV[10], ARGV[11])
  out[1] = 'taken'
end
return table.concat(out, '\\n')
"""
)
"""KEYS: epoch, open, states, blocks, consents, facts, flights, numbers, what is taken. ARGV: round, campaign, state, entries of the log to
keep, batch, what counters begin with, checks, how many blocks, consents, session, its number; (field, value), (field, value), (moment,
member, seconds) each."""

REPLAY = (
    _PUT.replace("FLIGHTS", "KEYS[3]")
    + """
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then return 'restarted' end
if tonumber(redis.call('HGET', KEYS[4], ARGV[4]) or '-1') >= tonumber(ARGV[5]) then return '' end
local at = 6
for i = 5, #KEYS do
  put(KEYS[i], ARGV[at], ARGV[at + 1], ARGV[at + 2])
  at = at + 3
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'epoch', redis.call('HGET', KEYS[1], 'number'), 'batch', ARGV[3])
redis.call('HSET', KEYS[4], ARGV[4], ARGV[5])
return ''
"""
)
"""KEYS: epoch, facts, flights, numbers, what was taken. ARGV: run, entries of the log to keep, batch, session, its number; (moment, member,
seconds) each. A server forgets from the end: where the session's number is there, so is all that was taken under it, unless it was
released since."""

JOIN = """
local round = redis.call('GET', KEYS[1]) or ''
if ARGV[1] ~= '' and round ~= '' and round == ARGV[2] then redis.call('HSET', KEYS[2], ARGV[1], round .. ' ' .. redis.call('TIME')[1]) end
return round
"""
"""KEYS: round, gates. ARGV: who takes (nobody, who only looks), the round in which everything was said again."""

_FENCE = """
if ARGV[1] ~= '' and tonumber(redis.call('GET', KEYS[1]) or '0') > tonumber(ARGV[1]) then return 'fenced' end
"""
"""KEYS[1]: last token of the lease. ARGV[1]: token or nothing. As in the log: it passes until a newer token was given."""

APPLY = (
    _FENCE
    + _PUT.replace("FLIGHTS", "KEYS[2]")
    + """
local at = 3
for i = 7, #KEYS do
  local what, key, a, b, c = ARGV[at], KEYS[i], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if what == 'put' then put(key, a, b, c)
  elseif what == 'drop' then redis.call('ZREM', key, a)
  elseif what == 'set' then redis.call('HSET', key, a, b)
  elseif what == 'unset' then redis.call('HDEL', key, a)
  elseif what == 'client' then
    local all = redis.call('HGETALL', key)
    for j = 1, #all, 2 do
      if string.sub(all[j], 1, #a) == a then redis.call('HDEL', key, all[j]) end
    end
  end
  at = at + 4
end
local open, run = redis.call('GET', KEYS[5]) or '', redis.call('HGET', KEYS[6], 'run')
if ARGV[2] ~= '' and run and string.sub(open, 1, #run) == run and redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('SET', KEYS[3], ARGV[2])
  redis.call('SET', KEYS[4], redis.call('TIME')[1])
end
return ''
"""
)
"""KEYS: token, flights, position, beat, open, epoch, one for each change. ARGV: token, position or nothing; (what, three more) for each
change. A position moves on while this ledger is open, and is never made: an emptied one would be taken for whole, and one whose server
came back without its last second would pass over what it has lost."""

STANDING = """
local gates, out = redis.call('HGETALL', KEYS[4]), {}
out[1] = redis.call('GET', KEYS[1]) or ''
out[2] = redis.call('GET', KEYS[2]) or ''
out[3] = redis.call('GET', KEYS[3]) or ''
out[4] = redis.call('GET', KEYS[5]) or '0'
out[5] = redis.call('EXISTS', KEYS[3])
out[6] = redis.call('HGET', KEYS[6], 'run') or ''
for _, each in ipairs(gates) do out[#out + 1] = each end
return table.concat(out, '\\n')
"""
"""KEYS: round, open, position (which is there exactly while the ledger is whole), gates, beat, epoch."""

BEGIN = _FENCE + "redis.call('DEL', KEYS[2]) if ARGV[2] ~= '' then redis.call('SET', KEYS[3], ARGV[2]) end return ''"
"""Shuts it, and begins a round where one is given. KEYS: token, open, round. ARGV: token, round or nothing."""

OPEN = (
    _FENCE
    + """
local round = redis.call('GET', KEYS[3]) or ''
local run = redis.call('HGET', KEYS[4], 'run')
if not run or string.sub(round, 1, #run) ~= run then return 'restarted' end
redis.call('DEL', KEYS[5])
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[5], ARGV[i], ARGV[i + 1]) end
local gates = redis.call('HGETALL', KEYS[6])
for i = 1, #gates, 2 do
  if string.sub(gates[i + 1], 1, #round) ~= round then redis.call('HDEL', KEYS[6], gates[i]) end
end
for _, session in ipairs(redis.call('HKEYS', KEYS[9])) do
  if redis.call('HEXISTS', KEYS[6], session) == 0 then redis.call('HDEL', KEYS[9], session) end
end
redis.call('SET', KEYS[7], ARGV[2])
redis.call('SET', KEYS[8], redis.call('TIME')[1])
redis.call('SET', KEYS[2], round)
return ''
"""
)
"""KEYS: token, open, round, epoch, states, gates, position, beat, numbers. ARGV: token, position; (campaign, state) each. Who has not
said again what was taken is forgotten: it must join anew."""
