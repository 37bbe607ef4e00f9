-- Walks through the memories in order of time and tells those of a modality that have no vector of a field. Arguments:
-- modality, field, the place in the order to begin at, how many places to look at. Returns how many there were to look
-- at, then ids.
local modality, field, from, places = take(), take(), takeNumber(), takeNumber()
local ids = redis.call('ZRANGE', prefix .. 'order', from, from + places - 1)
local found = { #ids }
for _, id in ipairs(ids) do
  local kind, present = unpack(redis.call('HMGET', memoryKey(id), 'kind', 'v' .. field))
  if kind and modalityOf(kind) == modality and not present then
    found[#found + 1] = id
  end
end
return found
