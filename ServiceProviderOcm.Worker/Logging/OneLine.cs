using System.Globalization;
using System.Text;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>Text for people that comes from elsewhere: it must neither begin a line nor steer the terminal.</summary>
internal static class OneLine
{
    public static string Of(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var line = new StringBuilder();
        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                line.Append(character);
            }
        }

        return line.ToString();
    }
}
