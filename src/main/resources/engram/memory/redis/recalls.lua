-- Counts recalls of memories that are there. Arguments: when the last of them was; how many memories; then of each id and
-- how often.
local last = take()
for _ = 1, takeNumber() do
  local id, times = take(), take()
  if redis.call('EXISTS', memoryKey(id)) == 1 then
    redis.call('HINCRBY', prefix .. 'recalls', id, times)
    local before = redis.call('HGET', prefix .. 'recalled', id)
    if not before or tonumber(before) < tonumber(last) then
      redis.call('HSET', prefix .. 'recalled', id, last)
    end
  end
end
return 1
