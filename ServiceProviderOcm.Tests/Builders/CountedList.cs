using System.Collections;

namespace ServiceProviderOcm.Tests.Builders;

/// <summary>A list that counts how often an item is read.</summary>
internal sealed class CountedList<T>(IReadOnlyList<T> items) : IReadOnlyList<T>
{
    public int Read { get; private set; }

    public int Count => items.Count;

    public T this[int index] => One(items[index]);

    public IEnumerator<T> GetEnumerator() => items.Select(One).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T One(T item)
    {
        Read++;
        return item;
    }
}
