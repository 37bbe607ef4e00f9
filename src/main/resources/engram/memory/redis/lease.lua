-- Takes, keeps or gives back a lease. Arguments: which of these, the lease's key, who, for how many milliseconds. Returns
-- 1 if it is the asker's.
local what, key, who, time = unpack(ARGV)
if what == 'take' then
  return redis.call('SET', key, who, 'NX', 'PX', time) and 1 or 0
end
if redis.call('GET', key) ~= who then
  return 0
end
if what == 'keep' then
  return redis.call('PEXPIRE', key, time)
end
redis.call('DEL', key)
return 1
