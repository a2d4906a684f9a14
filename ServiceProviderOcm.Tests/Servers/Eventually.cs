using System.Diagnostics;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Waits until a condition holds. Conditions read and answer; they do not assert.</summary>
public static class Eventually
{
    // Tests run in parallel, on as few as two cores, of machines that stand still for a minute at times.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan FirstPolls = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LaterPolls = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    /// <summary>Waits until a condition holds, and fails the test if it does not in time.</summary>
    /// <param name="condition">Whether it holds; exceptions count as no.</param>
    /// <param name="because">What is expected, for the message.</param>
    /// <param name="timeout">3 minutes by default.</param>
    public static Task Async(Func<Task<bool>> condition, string because, TimeSpan? timeout = null) =>
        Async(condition, holds => holds, because, timeout);

    /// <inheritdoc cref="Async(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task Async(Func<bool> condition, string because, TimeSpan? timeout = null) =>
        Async(() => Task.FromResult(condition()), because, timeout);

    /// <summary>Reads until the result is as expected, and returns it; a timeout names the last result.</summary>
    public static async Task<T> Async<T>(Func<Task<T>> read, Func<T, bool> condition, string because, TimeSpan? timeout = null)
    {
        var limit = timeout ?? DefaultTimeout;
        var clock = Stopwatch.StartNew();
        string last;
        do
        {
            try
            {
                var seen = await read();
                if (condition(seen))
                {
                    return seen;
                }

                last = $"last seen: {Describe(seen)}";
            }
            catch (Exception exception) when (exception is not ResultStateException)
            {
                last = $"last failure: {exception}";
            }

            await Task.Delay(clock.Elapsed < Later ? FirstPolls : LaterPolls, TimeProvider.System);
        }
        while (clock.Elapsed < limit);

        throw new AssertionException($"not within {limit.TotalSeconds:0.#} s: {because}; {last}");
    }

    private static string Describe<T>(T seen) => seen switch
    {
        null => "nothing",
        Core.Kubernetes.Objects.KubeObject subject => subject.Json.GetRawText(),
        System.Collections.IEnumerable many and not string => $"[{string.Join(", ", many.Cast<object?>().Select(Describe))}]",
        _ => $"{seen}",
    };
}
