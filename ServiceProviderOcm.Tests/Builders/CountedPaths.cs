using System.Collections;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>Field paths that count how many of them are read.</summary>
internal sealed class CountedPaths(IReadOnlyList<IReadOnlyList<string>> paths) : IReadOnlyList<IReadOnlyList<string>>
{
    public int Read { get; private set; }

    public int Count => paths.Count;

    public IReadOnlyList<string> this[int index] => One(paths[index]);

    public IEnumerator<IReadOnlyList<string>> GetEnumerator() => paths.Select(One).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IReadOnlyList<string> One(IReadOnlyList<string> path)
    {
        Read++;
        return path;
    }
}
