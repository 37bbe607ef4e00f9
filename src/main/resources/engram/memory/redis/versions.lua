-- Begins, activates or discards a version. Arguments: which of these, modality, version number. Each begun version has a
-- vector field of its own, so that what an earlier one of the same number left behind is never taken for it. Returns the
-- field that is out of use, or nothing.
local what, modality, number = take(), take(), take()
local active, filling = 'active:' .. modality, 'filling:' .. modality
local isActive = redis.call('HGET', about, active)
local isFilling = redis.call('HGET', about, filling)
local name = 'field:' .. modality .. ':'

local function retire(former)
  local field = redis.call('HGET', about, name .. former)
  redis.call('HDEL', about, name .. former, 'vectors:' .. field, 'indexed:' .. field)
  redis.call('HSET', about, 'dropping:' .. field, '1')
  return field
end

if what == 'begin' then
  if number == isActive then
    return redis.error_reply('CONFLICT version ' .. number .. ' is active')
  end
  if isFilling and number ~= isFilling then
    return redis.error_reply('CONFLICT version ' .. isFilling .. ' is being filled; discard it first')
  end
  if not isFilling then
    local field = string.format('%.0f', redis.call('HINCRBY', about, 'fields', 1))
    redis.call('HSET', about, filling, number, name .. number, field, 'vectors:' .. field, 0)
  end
  return ''
end

if what == 'activate' and number == isActive then
  return ''
end
if number ~= isFilling then
  return redis.error_reply('NOVERSION ' .. number)
end
redis.call('HDEL', about, filling)
if what == 'discard' then
  return retire(number)
end
local field = redis.call('HGET', about, name .. number)
local has = tonumber(redis.call('HGET', about, 'vectors:' .. field))
local total = tonumber(redis.call('HGET', about, 'total:' .. modality) or '0')
if has < total then
  redis.call('HSET', about, filling, number)
  return redis.error_reply('CONFLICT memories are left without a vector of version ' .. number)
end
redis.call('HSET', about, active, number)
return retire(isActive)
