-- Creates a space or replaces its settings. Arguments: the keys' prefix, a new identity, type of vectors, the settings, the
-- revision they must have or nothing. Returns the revision they have now.
local prefix, identity, vectors, document, expected = unpack(ARGV)
local about, settings = prefix .. 'about', prefix .. 'settings'
local revision = redis.call('HGET', settings, 'revision')
local known = redis.call('EXISTS', about) == 1
if redis.call('EXISTS', prefix .. 'removed') == 1 then
  return redis.error_reply('REMOVING the space')
end
if expected ~= '' and (not known or expected ~= revision) then
  return redis.error_reply('REVISION ' .. (known and revision or 'none'))
end
if not known then
  redis.call('HSET', about, 'format', '1', 'identity', identity, 'vectors', vectors, 'sequence', '0', 'fields', '2',
    'active:state', '0', 'active:text', '0', 'field:state:0', '1', 'field:text:0', '2', 'total:state', '0',
    'total:text', '0')
  revision = '0'
end
redis.call('HSET', settings, 'document', document, 'revision', string.format('%.0f', tonumber(revision) + 1))
return tonumber(revision) + 1
