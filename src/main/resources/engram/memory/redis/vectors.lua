-- Adds vectors to memories. Arguments: modality, version number, bytes of a vector in STM, IM and LTM; how many; then of
-- each id and vector. Those that are gone or in another tier by now are passed over. The active version takes vectors of
-- memories that have lost theirs only.
local modality, number = take(), take()
local bytes = { STM = takeNumber(), IM = takeNumber(), LTM = takeNumber() }
local field = redis.call('HGET', about, 'field:' .. modality .. ':' .. number)
local versions = live[modality]
if not field or (field ~= versions.active and field ~= versions.filling) then
  return redis.error_reply('NOVERSION ' .. number)
end
local written = 0
for _ = 1, takeNumber() do
  local id, vector = take(), take()
  local key = memoryKey(id)
  local kind, tier, present = unpack(redis.call('HMGET', key, 'kind', 'tier', 'v' .. field))
  if kind and modalityOf(kind) == modality and bytes[tier] == #vector and (field == versions.filling or not present) then
    redis.call('HSET', key, 'v' .. field, vector)
    if not present then
      countVectors(field, 1)
    end
    written = written + 1
  end
end
return written
