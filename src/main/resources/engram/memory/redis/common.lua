-- Before every script that works on one space. Arguments: the keys' prefix, the space's identity, the time in epoch
-- milliseconds, how many changes are kept; then those of the script. Everything of a space lies in one hash slot.
local prefix, identity, now, retention = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local about = prefix .. 'about'

if redis.call('HGET', about, 'identity') ~= identity then
  return redis.error_reply('GONE the space was removed')
end

local position = 4

local function take()
  position = position + 1
  return ARGV[position]
end

local function takeNumber()
  return tonumber(take())
end

-- The names of the vector fields in use, by modality.
local live = {}
for _, modality in ipairs({ 'state', 'text' }) do
  local versions = redis.call('HMGET', about, 'active:' .. modality, 'filling:' .. modality)
  live[modality] = {
    active = redis.call('HGET', about, 'field:' .. modality .. ':' .. versions[1]),
    filling = versions[2] and redis.call('HGET', about, 'field:' .. modality .. ':' .. versions[2]) or nil,
  }
end

local function memoryKey(id)
  return prefix .. 'memory:' .. id
end

local function modalityOf(kind)
  return kind == 'text' and 'text' or 'state'
end

local function nextSequence()
  return string.format('%.0f', redis.call('HINCRBY', about, 'sequence', 1))
end

local function record(sequence, type, id, agent, tier)
  redis.call('XADD', prefix .. 'changes', 'MAXLEN', '~', retention, sequence .. '-0',
    'type', type, 'id', id, 'agent', agent, 'tier', tier, 'time', now)
end

local function count(agent, kind, tier, by)
  local group = tier .. ':' .. kind .. ':' .. agent
  if redis.call('HINCRBY', prefix .. 'counts', group, by) <= 0 then
    redis.call('HDEL', prefix .. 'counts', group)
  end
end

local function countVectors(field, by)
  if field then
    redis.call('HINCRBY', about, 'vectors:' .. field, by)
  end
end

-- Name and value in turn, as many pairs as the next argument says.
local function takePairs(into, namePrefix)
  for _ = 1, takeNumber() do
    into[#into + 1] = namePrefix .. take()
    into[#into + 1] = take()
  end
  return into
end

local function has(pairs, name)
  for i = 1, #pairs, 2 do
    if pairs[i] == name then
      return true
    end
  end
  return false
end

-- Puts those vectors into a hash's fields whose version is in use.
local function addVectors(fields, vectors, modality)
  local versions = live[modality]
  for i = 1, #vectors, 2 do
    if vectors[i] == 'v' .. versions.active or (versions.filling and vectors[i] == 'v' .. versions.filling) then
      fields[#fields + 1] = vectors[i]
      fields[#fields + 1] = vectors[i + 1]
    end
  end
end

local function missesActive(vectors, modality)
  return not has(vectors, 'v' .. live[modality].active)
end
