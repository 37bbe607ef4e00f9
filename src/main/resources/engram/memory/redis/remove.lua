-- Removes memories. Arguments: why; how many; then of each id and the revision it must have, or nothing. Returns of each
-- 'applied', 'missing' or 'changed'.
local why = take()
local outcomes = {}
for i = 1, takeNumber() do
  local id, expected = take(), take()
  local key = memoryKey(id)
  local revision, agent, kind, tier = unpack(redis.call('HMGET', key, 'revision', 'agent', 'kind', 'tier'))
  if not revision then
    outcomes[i] = 'missing'
  elseif expected ~= '' and expected ~= revision then
    outcomes[i] = 'changed'
  else
    local modality = modalityOf(kind)
    local filling = live[modality].filling
    if filling and redis.call('HEXISTS', key, 'v' .. filling) == 1 then
      countVectors(filling, -1)
    end
    redis.call('DEL', key)
    redis.call('ZREM', prefix .. 'order', id)
    redis.call('ZREM', prefix .. 'agent:' .. agent, id)
    redis.call('HDEL', prefix .. 'recalls', id)
    redis.call('HDEL', prefix .. 'recalled', id)
    redis.call('HINCRBY', about, 'total:' .. modality, -1)
    count(agent, kind, tier, -1)
    record(nextSequence(), why, id, agent, tier)
    outcomes[i] = 'applied'
  end
end
return outcomes
