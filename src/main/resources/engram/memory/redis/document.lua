-- Writes or removes a document. Arguments: the keys' prefix, which of these, its name, the revision it must have or
-- nothing, its content. Returns its revision, or whether there was one. Revisions come from the clock, so that they grow
-- also when a document is removed and written again.
local prefix, what, name, expected, content = unpack(ARGV)
local key = prefix .. 'document:' .. name
local revision = redis.call('HGET', key, 'revision')
if what == 'remove' then
  redis.call('ZREM', prefix .. 'names', name)
  return redis.call('DEL', key)
end
if expected ~= '' and expected ~= (revision or '0') then
  return redis.error_reply('REVISION ' .. (revision or '0'))
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
if revision and now <= tonumber(revision) then
  now = tonumber(revision) + 1
end
redis.call('HSET', key, 'revision', string.format('%.0f', now), 'content', content)
redis.call('ZADD', prefix .. 'names', 0, name)
return string.format('%.0f', now)
