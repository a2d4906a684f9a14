using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Kubernetes.Client;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadBudgetTests
{
    private static readonly ReadBudgetOptions Options = new()
    {
        OwnMemory = 10,
        GroupMemory = 100,
        SharedMemory = 150,
        OwnTraffic = 10,
        GroupTraffic = 100,
        SharedTraffic = 150,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly ReadBudget _budget;

    public ReadBudgetTests() => _budget = new ReadBudget(Options, _time);

    [TestCase("a=110", "")]
    [TestCase("a=111", "group_memory")]
    [TestCase("a=60 a=60", "")]
    [TestCase("a=60 a=61", "group_memory")]
    [TestCase("a=110 b=60", "")]
    [TestCase("a=110 a=10 a=10", "", Description = "what a server has for itself is not charged")]
    [TestCase("a=200 b=10 c=10", "group_memory", Description = "others have theirs although all is used up")]
    public void Memory_is_limited_for_a_group_and_for_all_beyond_what_each_server_has(string uses, string exceeded)
    {
        var limits = Uses(uses).Select(use => use.Memory.Resize(use.Bytes)?.Excess.MetricName ?? "");

        Assert.That(limits.Where(limit => limit.Length > 0).FirstOrDefault(""), Is.EqualTo(exceeded));
    }

    [TestCase("a=110 b=60", "", 150)]
    [TestCase("a=110 b=61", "a", 51)]
    [TestCase("a=61 b=110", "b", 51)]
    [TestCase("a=50 a=60 b=80", "a", 110, Description = "of the group that takes most, the server that takes most")]
    [TestCase("a=60 b=60 c=61", "c", 100)]
    [TestCase("a=60 b=60 c=60", "", 150)]
    [TestCase("a=110 b=60 c=30 d=91", "a d", 70, Description = "until the rest is within the limit")]
    public void Beyond_the_memory_of_all_the_largest_reader_of_the_largest_group_is_evicted(string uses, string evicted, long left)
    {
        var readers = Uses(uses);

        readers.ForEach(reader => reader.Memory.Resize(reader.Bytes));

        Assert.That(string.Join(' ', readers.Where(reader => reader.Memory.Evicted is not null).Select(reader => reader.Group)), Is.EqualTo(evicted));
        Assert.That(_budget.UsedMemory, Is.EqualTo(left));
        readers.ForEach(reader => reader.Memory.Dispose());
        Assert.That(_budget.UsedMemory, Is.Zero);
    }

    [TestCase(10, "", 0)]
    [TestCase(20, "", 100)]
    [TestCase(21, "group_memory", 110)]
    public void What_the_servers_of_a_group_have_for_themselves_is_charged_beyond_the_limit_of_the_group(int servers, string exceeded, long charged)
    {
        var readers = Uses(string.Join(' ', Enumerable.Repeat("a=10", servers).Prepend("b=10")));

        var limits = readers.Select(reader => reader.Memory.Resize(reader.Bytes)?.Excess.MetricName ?? "").ToList();

        Assert.That((limits[^1], _budget.UsedMemory), Is.EqualTo((exceeded, charged)));
        Assert.That(readers[0].Memory.Resize(9), Is.Null, "others have theirs");
        readers.ForEach(reader => reader.Memory.Dispose());
        Assert.That(_budget.UsedMemory, Is.Zero);
    }

    [Test]
    public void What_all_servers_have_for_themselves_is_charged_beyond_the_limit_of_all()
    {
        var readers = Uses(string.Join(' ', Enumerable.Repeat("a=10 b=10 c=10 d=10", 9).Prepend("innocent=10 large=30")));

        readers.ForEach(reader => reader.Memory.Resize(reader.Bytes));

        var evicted = readers.Where(reader => reader.Memory.Evicted is not null).Select(reader => reader.Group).ToList();
        Assert.That(evicted, Has.Count.EqualTo(10).And.All.Length.EqualTo(1), "380 bytes are 280, of which 130 are beyond the limit");
        Assert.That(_budget.UsedMemory, Is.EqualTo(150), "with 20 of another server");
        readers.ForEach(reader => reader.Memory.Dispose());
        Assert.That(_budget.UsedMemory, Is.Zero);
    }

    [Test]
    public async Task A_reader_that_waits_ends_when_its_memory_is_evicted()
    {
        using var share = _budget.Open("hostile");
        var memory = share.OpenMemory();
        memory.Resize(110);
        var reading = ReadMemory.ReadAsync(memory, new SilentStream(), new byte[10], default).AsTask();

        Assert.That(_budget.Open("innocent").OpenMemory().Resize(100), Is.Null);

        var exceeded = await Assert.ThrowsAsync<TooLongException>(() => reading);
        Assert.That(exceeded!.Excess.Describe(null), Is.EqualTo(
            "answers of all servers, of which those of hostile take the most (100 bytes), take 190 bytes of memory, and the limit is 150 "
            + "(limit shared_memory)"));
        Assert.That(memory.Resize(200)?.Excess.MetricName, Is.EqualTo("shared_memory"), "it takes nothing any more");
        Assert.That(_budget.UsedMemory, Is.EqualTo(90));
    }

    [Test]
    public void Memory_that_is_returned_can_be_used_again()
    {
        using var one = _budget.Open("a");
        using var other = _budget.Open("a");
        var buffer = one.OpenMemory();
        buffer.Resize(110);
        Assert.That(other.OpenMemory().Resize(11)?.Excess.MetricName, Is.EqualTo("group_memory"));

        buffer.Dispose();

        Assert.That(other.OpenMemory().Resize(50), Is.Null);
        Assert.That(_budget.UsedMemory, Is.EqualTo(51));
    }

    [Test]
    public void Nothing_is_left_of_a_server_that_is_gone()
    {
        var share = _budget.Open("a");
        var account = share.OpenMemory();
        account.Resize(50);

        share.Dispose();
        account.Dispose();
        share.Dispose();

        Assert.That((_budget.UsedMemory, _budget.Groups), Is.EqualTo((0, 0)));
    }

    [TestCase("a=10 a=10 a=10", "")]
    [TestCase("a=100", "")]
    [TestCase("a=101", "group_traffic")]
    [TestCase("a=60 a=60", "group_traffic")]
    [TestCase("a=90 b=60", "")]
    [TestCase("a=90 b=76", "shared_traffic")]
    [TestCase("a=100 b=75 a=11", "group_traffic")]
    [TestCase("a=100 b=75 c=50", "", Description = "an equal part is left for those that come later")]
    [TestCase("a=100 b=75 c=51", "shared_traffic")]
    [TestCase("a*20 b=10", "", Description = "20 servers with 10 each")]
    [TestCase("a*21", "group_traffic")]
    [TestCase("a=80 b=75 c=50 a=11", "shared_traffic", Description = "who has sent more than that ends")]
    public void Traffic_is_limited_for_a_group_and_for_all_beyond_what_each_server_has(string sent, string exceeded)
    {
        var each = sent.Split(' ').SelectMany(part => part.Split('*') is [var group, var servers]
            ? Enumerable.Repeat($"{group}=10", int.Parse(servers))
            : [part]);
        Assert.That(each.Select(Charge).Where(limit => limit.Length > 0).FirstOrDefault(""), Is.EqualTo(exceeded));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Charge("a=100"), Is.Empty, "a minute later, there is as much again");
    }

    [Test]
    public void A_server_that_sends_too_much_waits_for_the_rest_of_the_minute()
    {
        using var share = _budget.Open("a");
        _time.Advance(TimeSpan.FromSeconds(20));

        var exceeded = Assert.Throws<TooLongException>(() => share.Charge(1000));

        Assert.That((exceeded!.RetryAfter, exceeded.Excess.Describe("--some-max-")), Is.EqualTo(
            ((TimeSpan?)TimeSpan.FromSeconds(40), "the servers of a send 1000 bytes per minute, and the limit is 100 (limit group_traffic)")));
    }

    [Test]
    public void What_servers_have_sent_counts_for_the_rest_of_the_minute_also_when_they_are_gone()
    {
        using (var gone = _budget.Open("a"))
        {
            gone.Charge(60);
        }

        using (var next = _budget.Open("a"))
        {
            Assert.Throws<TooLongException>(() => next.Charge(60));
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        using var other = _budget.Open("b");
        other.Charge(1);
        Assert.That(_budget.Groups, Is.EqualTo(1));
    }

    [Test]
    public void A_limit_that_is_a_setting_is_named_by_its_flag()
    {
        using var share = new ReadBudget(Options with { FlagPrefix = "--all-" }, _time).Open("a");

        var exceeded = share.OpenMemory().Resize(200);

        Assert.That(exceeded!.Excess.Describe("--one-max-"), Is.EqualTo(
            "answers of the servers of a take 190 bytes of memory, and the limit is 100 (--all-group-memory)"));
    }

    private List<(string Group, ReadMemory Memory, long Bytes)> Uses(string uses) =>
        [.. uses.Split(' ').Select(use => use.Split('=')).Select(use => (use[0], _budget.Open(use[0]).OpenMemory(), long.Parse(use[1])))];

    private string Charge(string text)
    {
        var parts = text.Split('=');
        try
        {
            _budget.Open(parts[0]).Charge(int.Parse(parts[1]));
            return "";
        }
        catch (TooLongException exceeded)
        {
            return exceeded.Excess.MetricName;
        }
    }
}
