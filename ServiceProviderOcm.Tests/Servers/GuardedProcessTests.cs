using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

public sealed class GuardedProcessTests
{
    private string _folder = "";

    private string Log => Path.Combine(_folder, "log");

    [SetUp]
    public void Make_a_folder() => _folder = Directory.CreateTempSubdirectory("service-provider-ocm-guard-").FullName;

    [TearDown]
    public void Remove_the_folder()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [TestCase("")]
    [TestCase("kill -INT $PPID;", Description = "Ctrl+C reaches the guard too")]
    public async Task A_guarded_process_is_killed_and_its_folder_removed_when_the_pipe_closes(string before)
    {
        var process = GuardedProcess.Start(["sh", "-c", $"{before} echo $$; exec sleep 600"], Log, _folder);
        var child = await ChildAsync();
        Assert.That(IsAlive(child), Is.True);

        await process.DisposeAsync();

        Assert.That((IsAlive(child), Directory.Exists(_folder)), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task A_guarded_process_that_exits_keeps_its_log()
    {
        await using var process = GuardedProcess.Start(["sh", "-c", "echo first; echo last; exit 7"], Log, _folder);

        await Eventually.Async(() => process.HasExited, "the child's end is noticed");

        Assert.That(process.LogTail(1), Is.EqualTo("last"));
    }

    [TestCase("exit 7")]
    [TestCase("kill -9 $$")]
    [Platform("Linux")]
    public async Task Nothing_is_left_of_a_guarded_process_that_has_ended_that_would_kill_what_gets_its_ID(string end)
    {
        var mark = $"{Guid.NewGuid():N}";
        await using var process = GuardedProcess.Start(["sh", "-c", end, mark], Log);

        await Eventually.Async(() => process.HasExited, "the child's end is noticed");

        await Eventually.Async(() => !ProcessList.HasAny(mark), "the guard has ended");
    }

    private Task<int> ChildAsync() => Eventually.Async(
        async () => int.TryParse(await File.ReadAllTextAsync(Log), CultureInfo.InvariantCulture, out var id) ? id : 0,
        id => id > 0,
        "the child has written its id");

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
