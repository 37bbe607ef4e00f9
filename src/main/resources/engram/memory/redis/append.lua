-- Writes new memories once. Arguments: the idempotency key's digest or nothing, the request's fingerprint, how many
-- milliseconds the key is kept, which part of the request this is, how many entries; then the entries. Returns 1 if the
-- key was used before and 0 otherwise, then id and tier of each entry, without a tier where the id is taken.
local digest, fingerprint, keep, part = take(), take(), take(), take()
local key = prefix .. 'key:' .. identity .. ':' .. digest
if digest ~= '' then
  local before = redis.call('HMGET', key, 'fingerprint', part)
  if before[1] and before[1] ~= fingerprint then
    return redis.error_reply('CONFLICT this key was used with another request')
  end
  if before[2] then
    return cmsgpack.unpack(before[2])
  end
end

local entries = {}
for i = 1, takeNumber() do
  local entry = {
    id = take(), agent = take(), kind = take(), tier = take(), time = take(), recalls = takeNumber(), recalled = take(),
  }
  entry.vectors = takePairs({}, 'v')
  entry.fields = takePairs({}, '')
  if missesActive(entry.vectors, modalityOf(entry.kind)) then
    return redis.error_reply('VERSION ' .. entry.id)
  end
  entries[i] = entry
end

local outcomes = { 0 }
for _, entry in ipairs(entries) do
  outcomes[#outcomes + 1] = entry.id
  if redis.call('EXISTS', memoryKey(entry.id)) == 1 then
    outcomes[#outcomes + 1] = ''
  else
    local modality = modalityOf(entry.kind)
    local sequence = nextSequence()
    local fields = entry.fields
    addVectors(fields, entry.vectors, modality)
    fields[#fields + 1] = 'revision'
    fields[#fields + 1] = '1'
    fields[#fields + 1] = 'sequence'
    fields[#fields + 1] = sequence
    redis.call('HSET', memoryKey(entry.id), unpack(fields))
    redis.call('ZADD', prefix .. 'order', entry.time, entry.id)
    redis.call('ZADD', prefix .. 'agent:' .. entry.agent, entry.time, entry.id)
    if entry.recalls > 0 then
      redis.call('HSET', prefix .. 'recalls', entry.id, entry.recalls)
    end
    if entry.recalled ~= '' then
      redis.call('HSET', prefix .. 'recalled', entry.id, entry.recalled)
    end
    count(entry.agent, entry.kind, entry.tier, 1)
    redis.call('HINCRBY', about, 'total:' .. modality, 1)
    local filling = live[modality].filling
    if filling and has(entry.vectors, 'v' .. filling) then
      countVectors(filling, 1)
    end
    record(sequence, 'NEW', entry.id, entry.agent, entry.tier)
    outcomes[#outcomes + 1] = entry.tier
  end
end

if digest ~= '' then
  outcomes[1] = 1
  redis.call('HSET', key, 'fingerprint', fingerprint, part, cmsgpack.pack(outcomes))
  redis.call('PEXPIRE', key, keep)
  outcomes[1] = 0
end
return outcomes
