-- The members of a sorted set of memories that follow one of them. Arguments: 'ZRANK' or 'ZREVRANK', 'ZRANGE' or
-- 'ZREVRANGE', the sorted set's name behind the prefix, id and time of the one, how many. Returns members and times in
-- turn, or nothing if the one is not there at that time any more.
local rankOf, range, name, id, time, limit = take(), take(), take(), take(), takeNumber(), takeNumber()
local key = prefix .. name
local score = redis.call('ZSCORE', key, id)
if not score or tonumber(score) ~= time then
  return false
end
local rank = redis.call(rankOf, key, id)
return redis.call(range, key, rank + 1, rank + limit, 'WITHSCORES')
