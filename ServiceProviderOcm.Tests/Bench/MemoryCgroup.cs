using System.Globalization;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>A cgroup that limits the memory of processes, as a container's does: the kernel kills a process that needs more.</summary>
internal sealed class MemoryCgroup : IDisposable
{
    // Version 2, and the controller of version 1.
    private static readonly (string Root, string Limit)[] Hierarchies =
    [
        ("/sys/fs/cgroup", "memory.max"),
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
    ];

    private readonly string _folder;

    private MemoryCgroup(string folder) => _folder = folder;

    /// <summary>Makes a cgroup; null where cgroups are not writable.</summary>
    /// <param name="limit">In bytes.</param>
    public static MemoryCgroup? TryCreate(long limit)
    {
        foreach (var (root, file) in Hierarchies)
        {
            var folder = Path.Combine(root, $"service-provider-ocm-{Environment.ProcessId}");
            if (TryCreate(folder, Path.Combine(folder, file), limit))
            {
                return new MemoryCgroup(folder);
            }
        }

        return null;
    }

    /// <summary>Moves a process into the cgroup.</summary>
    public void Add(int processId) => File.WriteAllText(Path.Combine(_folder, "cgroup.procs"), Text(processId));

    /// <summary>Removes the cgroup; its processes must have ended.</summary>
    public void Dispose() => Directory.Delete(_folder);

    private static bool TryCreate(string folder, string file, long limit)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(file))
            {
                File.WriteAllText(file, Text(limit));
                return true;
            }

            Directory.Delete(folder);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
