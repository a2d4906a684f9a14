using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>Feeds a parser: it may only throw what it documents, and must be done in a short time.</summary>
internal static class Fuzzing
{
    /// <summary>The length of the longest inputs of parsers whose time is linear.</summary>
    public const int Long = 200_000;

    private const int Attempts = 5;

    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a parser on many inputs.</summary>
    /// <param name="corpus">Good inputs.</param>
    /// <param name="pieces">Pieces of the language.</param>
    /// <param name="parse">Parses an input, asserts what must hold of the result, and handles documented exceptions.</param>
    /// <param name="limit">The time for an input; null for the default.</param>
    /// <param name="longest">The maximum number of characters of an input.</param>
    public static void Run(
        IReadOnlyList<string> corpus,
        IReadOnlyList<string> pieces,
        Action<string> parse,
        TimeSpan? limit = null,
        int longest = Mutator.MaxLength) =>
        Run(
            corpus,
            pieces,
            text =>
            {
                parse(text);
                return 0;
            },
            (_, _) => { },
            limit,
            longest);

    /// <summary>The same, with a reference whose time does not count.</summary>
    /// <param name="corpus">Good inputs.</param>
    /// <param name="pieces">Pieces of the language.</param>
    /// <param name="parse">Parses an input, and handles documented exceptions.</param>
    /// <param name="verify">Asserts what must hold of an input and its result.</param>
    /// <param name="limit">The time for an input; null for the default.</param>
    /// <param name="longest">The maximum number of characters of an input.</param>
    public static void Run<T>(
        IReadOnlyList<string> corpus,
        IReadOnlyList<string> pieces,
        Func<string, T> parse,
        Action<string, T> verify,
        TimeSpan? limit = null,
        int longest = Mutator.MaxLength)
    {
        TestContext.Out.WriteLine($"FUZZ_SEED={FuzzSettings.Seed} FUZZ_COUNT={FuzzSettings.Count}");
        var mutator = new Mutator(FuzzSettings.Seed, corpus, pieces, longest);
        foreach (var good in corpus)
        {
            Try(good, parse, verify, limit ?? DefaultLimit);
        }

        for (var count = 0; count < FuzzSettings.Count; count++)
        {
            Try(mutator.Next(), parse, verify, limit ?? DefaultLimit);
        }
    }

    private static void Try<T>(string input, Func<string, T> parse, Action<string, T> verify, TimeSpan limit)
    {
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            var result = parse(input);
            var isFast = TimeProvider.System.GetElapsedTime(start) <= limit;
            verify(input, result);
            if (isFast)
            {
                return;
            }

            // The machine may be busy with something else, so only what is slow each time counts, in time of the processor.
            var shortest = TimeSpan.MaxValue;
            for (var attempt = 0; attempt < Attempts && shortest > limit; attempt++)
            {
                var before = ThreadTime();
                parse(input);
                var elapsed = ThreadTime() - before;
                shortest = elapsed < shortest ? elapsed : shortest;
            }

            TestContext.Out.WriteLine($"{shortest.TotalMilliseconds:F0} ms for {Shown(input)}");
            Assert.That(shortest, Is.LessThanOrEqualTo(limit), "took too long");
        }
        catch (Exception exception) when (exception is not SuccessException)
        {
            throw new AssertionException($"FUZZ_SEED={FuzzSettings.Seed}, input {Shown(input)}: {exception}", exception);
        }
    }

    // What this thread has spent on a processor; without Linux the time of day.
    private static TimeSpan ThreadTime()
    {
        const string Statistics = "/proc/thread-self/schedstat";
        return File.Exists(Statistics)
            ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(Statistics).Split(' ')[0], CultureInfo.InvariantCulture) / 1000)
            : TimeProvider.System.GetElapsedTime(0);
    }

    private static string Shown(string input)
    {
        var shown = new StringBuilder(JsonEncodedText.Encode(
            input.Length <= 2000 ? Well(input) : Well(input[..2000]), JavaScriptEncoder.Default).ToString());
        return $"({input.Length} characters) \"{shown}\"";
    }

    // JSON has no lone surrogates.
    private static string Well(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
