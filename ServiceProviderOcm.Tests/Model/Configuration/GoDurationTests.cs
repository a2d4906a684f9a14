using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Tests.Model.Configuration;

public sealed class GoDurationTests
{
    [TestCase("0", "00:00:00")]
    [TestCase("-0", "00:00:00")]
    [TestCase("0s", "00:00:00")]
    [TestCase("90s", "00:01:30")]
    [TestCase("1h30m", "01:30:00")]
    [TestCase("1.5h", "01:30:00")]
    [TestCase(".5s", "00:00:00.5")]
    [TestCase("5.s", "00:00:05")]
    [TestCase("+1m", "00:01:00")]
    [TestCase("-1m1s", "-00:01:01")]
    [TestCase("300ms", "00:00:00.3")]
    [TestCase("1us", "00:00:00.000001")]
    [TestCase("1µs", "00:00:00.000001")]
    [TestCase("1μs", "00:00:00.000001")]
    [TestCase("100ns", "00:00:00.0000001")]
    [TestCase("1m1m", "00:02:00")]
    [TestCase("48h", "2.00:00:00")]
    [TestCase("2562047h47m16.854775807s", "106751.23:47:16.8547758")]
    [TestCase("-9223372036854775808ns", "-106751.23:47:16.8547758")]
    [TestCase("00000000000000000000000001s", "00:00:01")]
    [TestCase("0.00000000000000000000000000000000000001h1s", "00:00:01")]
    public void Durations_read_as_in_Go(string text, string expected)
    {
        Assert.That(GoDuration.TryParse(text, out var duration), Is.True);
        Assert.That(duration, Is.EqualTo(TimeSpan.Parse(expected, CultureInfo.InvariantCulture)));
    }

    [TestCase("")]
    [TestCase("+")]
    [TestCase("5")]
    [TestCase("s")]
    [TestCase(".s")]
    [TestCase("1d")]
    [TestCase("1 s")]
    [TestCase("1s\n")]
    [TestCase("1h -1m")]
    [TestCase("1,5h")]
    [TestCase("1e3s")]
    [TestCase("00:01:00")]
    [TestCase("1M")]
    public void Durations_that_Go_rejects_are_rejected(string text) => Rejected(text);

    [TestCase("256204779h")]
    [TestCase("2562048h")]
    [TestCase("9223372036854775808ns")]
    [TestCase("2562047h47m16.854775808s")]
    [TestCase("9000000000000000000h")]
    [TestCase("9223372036854775807h")]
    [TestCase("99999999999999999999999999999999999999s")]
    [TestCase("256204778h256204778h")]
    public void Durations_that_are_too_large_are_rejected(string text) => Rejected(text);

    [Test]
    public void Parsing_a_duration_never_throws() => Prop.ForAll(
            Gen.Choose(1, 25).SelectMany(digits => Gen.Choose('0', '9').ListOf(digits))
                .Zip(Gen.Elements("h", "m", "s", "ms", "us", "ns"))
                .Select(parts => string.Concat(parts.Item1.Select(digit => (char)digit)) + parts.Item2)
                .ToArbitrary(),
            text => !GoDuration.TryParse(text, out var duration) || duration >= TimeSpan.Zero)
        .QuickCheckThrowOnFailure();

    [Test]
    public void A_long_duration_takes_linear_time()
    {
        // 67 seconds of CPU time at 91 characters, with a regular expression that backtracks
        Rejected(string.Concat(Enumerable.Repeat("1.1", 30)) + "x");
        Rejected(new string('1', 1_000_000));
        Rejected(string.Concat(Enumerable.Repeat("1ns", 1_000_000)) + "x");
    }

    private static void Rejected(string text)
    {
        Assert.That(GoDuration.TryParse(text, out var duration), Is.False);
        Assert.That(duration, Is.EqualTo(TimeSpan.Zero));
    }
}
