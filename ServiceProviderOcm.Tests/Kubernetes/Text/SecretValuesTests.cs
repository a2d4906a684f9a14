using System.Text;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Text;

namespace ServiceProviderOcm.Tests.Kubernetes.Text;

public sealed class SecretValuesTests
{
    private const string Password = "pa55\"w<rd&ü/+";

    private static readonly SecretValues Secrets = new(() => [Password, "short", "another-value"]);

    private static readonly string[] Forms =
    [
        Password,
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        JsonSerializer.Serialize(Password).Trim('"'),
        Password.Replace("\"", "\\\"", StringComparison.Ordinal),
        Uri.EscapeDataString(Password),
    ];

    [TestCaseSource(nameof(Forms))]
    public void A_value_is_replaced_in_every_form(string form) =>
        Assert.That(ForeignText.Quote($"cannot use {form}, or another-value: no", Secrets), Is.EqualTo("cannot use ***, or ***: no"));

    [Test]
    public void A_value_is_replaced_within_a_longer_text_in_Base64([Range(0, 6)] int before, [Range(0, 6)] int after)
    {
        var text = $"{new string('a', before)}{Password}{new string('z', after)}";

        var redacted = Secrets.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

        Assert.That(redacted, Does.Contain("***"));
        Assert.That(redacted.Replace("***", "", StringComparison.Ordinal), Has.Length.LessThanOrEqualTo(((before + after) * 2) + 8));
    }

    [Test]
    public void A_value_split_by_invisible_characters_is_replaced() =>
        Assert.That(ForeignText.Quote("is another\u202e-val\u200bue here", Secrets), Is.EqualTo("is *** here"));

    [Test]
    public void A_value_that_is_also_a_part_of_ordinary_words_is_not_replaced() =>
        Assert.That(ForeignText.Quote("shortly after", Secrets), Is.EqualTo("shortly after"));

    [Test]
    public void A_value_is_not_shown_in_part_where_the_text_is_cut([Range(480, 520)] int before)
    {
        var text = $"{new string('.', before)}another-value, and so on{new string('.', 100)}";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ForeignText.Quote(text, Secrets), Does.Not.Contain("anothe"));
            Assert.That(Secrets.Redact(ForeignText.Quote(text)), Does.Not.Contain("anothe"));
        }
    }

    [TestCase("log in: {\"auth\":\"another-value\",\"mail…", "log in: ***…")]
    [TestCase("another-value another-value anothe…", "*** *** ***…")]
    [TestCase("another-valueanother…", "***…")]
    [TestCase("another-value…", "***…")]
    [TestCase("an anothe, anoth…", "an anothe, anoth…")]
    [TestCase("short…", "short…")]
    public void The_beginning_of_a_value_before_an_ellipsis_is_replaced_whatever_is_in_it(string text, string redacted)
    {
        var secrets = new SecretValues(() => ["another-value", "short", """{"auth":"another-value","mail":"a@example.com"}"""]);

        Assert.That(secrets.Redact(text), Is.EqualTo(redacted));
    }
}
