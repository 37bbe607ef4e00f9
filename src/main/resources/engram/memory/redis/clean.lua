-- Takes a vector field that is out of use from memories. Arguments: the field, the place in the order of time to begin at,
-- how many places. Returns how many places there were and how many had it.
local field, from, places = take(), takeNumber(), takeNumber()
local ids = redis.call('ZRANGE', prefix .. 'order', from, from + places - 1)
local cleared = 0
for _, id in ipairs(ids) do
  cleared = cleared + redis.call('HDEL', memoryKey(id), 'v' .. field)
end
return { #ids, cleared }
