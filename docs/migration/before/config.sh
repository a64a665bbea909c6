# As the workflow of the guide does it. To be sourced.
APP=$(aws secretsmanager get-secret-value --region us-east-1 \
  --secret-id ml-workflow/production/app --query SecretString --output text)
KEYS=$(aws secretsmanager get-secret-value --region us-east-1 \
  --secret-id ml-workflow/production/api-keys --query SecretString --output text)
export SECRET_KEY=$(echo $APP | jq -r .SECRET_KEY)
export DATABASE_URL=$(echo $APP | jq -r .DATABASE_URL)
export REDIS_URL=$(echo $APP | jq -r .REDIS_URL)
export OPENAI_API_KEY=$(echo $KEYS | jq -r .OPENAI_API_KEY)
export ANTHROPIC_API_KEY=$(echo $KEYS | jq -r .ANTHROPIC_API_KEY)
export HF_API_TOKEN=$(echo $KEYS | jq -r .HF_API_TOKEN)
