-- Gives the places of numbers their fields. Arguments: how many fields there may be; how many places; the places. Returns
-- of each the number of its field, or 0 if there are too many.
local most = takeNumber()
local fields = {}
for i = 1, takeNumber() do
  local place = take()
  local field = redis.call('HGET', prefix .. 'numbers', place)
  if not field then
    local used = redis.call('HLEN', prefix .. 'numbers')
    if used < most then
      field = used + 1
      redis.call('HSET', prefix .. 'numbers', place, field)
    end
  end
  fields[i] = tonumber(field or 0)
end
return fields
